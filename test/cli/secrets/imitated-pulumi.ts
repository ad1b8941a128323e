import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the imitation finds what it answers; see `imitatePulumi`. */
export interface ImitatedPulumi {
  /** Environment with the imitation for `pulumi`. */
  readonly env: Record<string, string>;
  /** Keeps a stack file as what the stack was deployed with. */
  readonly deployed: (stack: string) => void;
  /** Lets `config set` fail for a stack. */
  readonly breaks: (stack: string) => void;
  /** Lets a stack's values be read as these. @default there are none */
  readonly has: (stack: string, values: Record<string, { value: string; secret: boolean }>) => void;
  /** From now on the passphrase opens nothing. */
  readonly losesPassphrase: () => void;
  /** Stacks that were made. */
  readonly made: () => string[];
}

/** The part of the Pulumi CLI that `homelab secrets` uses; "encrypted" values are no values. */
const PROGRAM = `#!/bin/bash
set -eu
here=$(dirname "$0")
stack= file= words=
while [ $# -gt 0 ]; do
  case $1 in
    --stack) stack=$2; shift ;;
    --config-file) file=$2; shift ;;
    --color) shift ;;
    *) words="$words $1" ;;
  esac
  shift
done
case $words in
  " stack ls "*)
    list=
    for one in "$here"/deployed/*.yaml; do
      [ -e "$one" ] || continue
      list="$list\${list:+,}{\\"name\\":\\"$(basename "$one" .yaml)\\",\\"resourceCount\\":9}"
    done
    echo "[$list]" ;;
  " stack init "*) echo "$words" | cut -d' ' -f4 >>"$here/made" ;;
  " config refresh "*) cp "$here/deployed/$stack.yaml" "$file" ;;
  " config --json "*)
    if [ -e "$here/locked" ]; then echo "error: incorrect passphrase" >&2; exit 255; fi
    cat "$here/values-$stack.json" 2>/dev/null || echo '{}' ;;
  " config set "*)
    if [ -e "$here/broken-$stack" ]; then echo "error: no place" >&2; exit 255; fi
    key=$(echo "$words" | grep -o 'homelab:[a-z-]*')
    sed -i "/^  $key:/,+1d" "$PULUMI_OPTION_CWD/Pulumi.$stack.yaml"
    printf '  %s:\\n    secure: v1:%s\\n' "$key" "$(md5sum | cut -c1-8)" >>"$PULUMI_OPTION_CWD/Pulumi.$stack.yaml" ;;
  *) echo "error: unexpected$words" >&2; exit 1 ;;
esac
`;

/** Puts an imitation of the Pulumi CLI into a project folder. */
export function imitatePulumi(folder: string): ImitatedPulumi {
  const bin = join(folder, "bin");
  mkdirSync(join(bin, "deployed"), { recursive: true });
  writeFileSync(join(bin, "pulumi"), PROGRAM);
  chmodSync(join(bin, "pulumi"), 0o755);
  return {
    env: {
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
      PULUMI_OPTION_CWD: folder,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "x",
    },
    deployed: (stack) =>
      cpSync(join(folder, `Pulumi.${stack}.yaml`), join(bin, "deployed", `${stack}.yaml`)),
    breaks: (stack) => writeFileSync(join(bin, `broken-${stack}`), ""),
    has: (stack, values) =>
      writeFileSync(join(bin, `values-${stack}.json`), JSON.stringify(values)),
    losesPassphrase: () => writeFileSync(join(bin, "locked"), ""),
    made: () => {
      const file = join(bin, "made");
      return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    },
  };
}
