import {
  CONFIG_FOLDER,
  ENV_NAME,
  OVERRIDE_NAME,
  type OverrideFile,
  type OverrideFiles,
} from "../model/override-files.ts";
import { quote } from "../model/shell-text.ts";

/** Longer files are not read: nobody writes so much by hand. In bytes. */
export const LARGEST_OVERRIDE = 65_536;

/** Names under which Compose itself would find an override; but for the first, they are a mistake here. */
const NAMES = [
  OVERRIDE_NAME,
  "docker-compose.override.yaml",
  "compose.override.yml",
  "compose.override.yaml",
  ENV_NAME,
];

/**
 * A part of the look at a host: prints "override <service> <name> <ok|unsafe|large> <base64>" for each
 * file by which a person overrides a service there, and then the size of the machine. Where there is
 * none it prints nothing. What others than root can write is not read: it says what root's engine does.
 * @param folder in which the services' folders lie. @default where they are on every host
 */
export function overrideLook(folder: string = CONFIG_FOLDER): string {
  return `(
cd ${quote(folder)} 2>/dev/null || exit 0
found=
for file in ${NAMES.map((name) => `*/${name}`).join(" ")}; do
  [ -e "$file" ] || [ -L "$file" ] || continue
  case "\${file%/*}" in *[!A-Za-z0-9_.-]*) continue ;; esac
  found=yes text=
  if [ ! -f "$file" ] || find "\${file%/*}" "$file" -prune \\( -type l -o ! -user "$(id -u)" -o -perm /022 \\) | grep -q .; then
    state=unsafe
  elif [ "$(wc -c <"$file")" -gt ${LARGEST_OVERRIDE} ]; then
    state=large
  else
    state=ok text=$(base64 <"$file" | tr -d '\\n')
  fi
  echo "override \${file%/*} \${file##*/} $state $text"
done
[ -z "$found" ] || echo "machine $(awk '/^MemTotal:/ { print $2 }' /proc/meminfo) $(nproc)"
) 2>/dev/null
`;
}

/**
 * The files in the lines that the script printed; lines of others are passed over. What containers are
 * labelled with is printed after them, and a label of somebody's image may have lines of its own.
 */
export function overridesIn(printed: readonly string[]): OverrideFiles {
  const end = printed.findIndex((line) => line.startsWith("container "));
  const lines = end < 0 ? printed : printed.slice(0, end);
  const files: OverrideFile[] = [];
  let memory: number | undefined;
  let cpus: number | undefined;
  for (const line of lines) {
    const [kind, first = "", second = "", state, text = ""] = line.split(" ");
    if (kind === "machine") {
      memory = Number(first) / 1024 || undefined;
      cpus = Number(second) || undefined;
    }
    if (kind !== "override" || first === "" || second === "") continue;
    const unread = state === "unsafe" || state === "large" ? state : undefined;
    const read = unread === undefined ? Buffer.from(text, "base64").toString() : undefined;
    files.push({ service: first, name: second, text: read, unread });
  }
  return { files, memory, cpus };
}
