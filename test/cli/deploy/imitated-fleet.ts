// A project whose hosts are folders of this computer: ssh runs scripts here, the engine says what a
// host as declared would, and Pulumi prints events.
import { execFileSync } from "node:child_process";
import {
  rmSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostDeclaration } from "../../../model/declaration.ts";
import { declarationsOf, lockPathOf, openProject, readLock } from "../../../workspace/project.ts";
import { CLOCK, hostAsDeclared, type SeenHost } from "../../deploy/drift/imitated-host.ts";
import { completeProject, projectFolder } from "../support/project-folder.ts";

/** A secret of the stack's config, to be looked for where it must not be. */
export const CANARY = "canary-3f9d/+= 'q\"";

const SSH = `#!/bin/bash
here=$(dirname "$0")/..
echo "ssh $*" >> "$here/argv"
[ ! -e "$here/away" ] || { echo "ssh: no route to host" >&2; exit 255; }
script=$(cat)
script=\${script//\\/run\\/homelab/$here/run}
script=\${script//\\/opt\\/homelab\\/state/$here/opt}
script=\${script//\\/opt\\/homelab\\/fallback/$here/fallback}
script=\${script//\\/var\\/run\\/docker.sock/$here/docker.sock}
case $script in
  # The look itself is tested elsewhere, and would be at this computer.
  *"date '+@clock"*) script="\${script%%date*} cat '$here/look'; }" ;;
esac
exec sh -s <<<"$script"
`;

const DOCKER = `#!/bin/bash
here=$(dirname "$0")/..
echo "docker $*" >> "$here/argv"
case "$1" in
  logs)
    echo "starting"
    printf 'password %s\\n' "$(cat "$here/canary")"
    [ ! -e "$here/says" ] || cat "$here/says" ;;
  image) [ ! -e "$here/digests" ] && echo "sha256:${"0".repeat(64)}" || cat "$here/digests" ;;
  *) echo "as it is" ;;
esac
`;

const SYSTEMCTL = `#!/bin/bash
here=$(dirname "$0")/..
case "$*" in
  show*) cat "$here/unit" ;;
  *restart*)
    echo "$*" >> "$here/boots"
    [ ! -e "$here/look-booted" ] || mv "$here/look-booted" "$here/look"
    [ ! -e "$here/booted.json" ] || cp "$here/booted.json" "$here/opt/boot.json" ;;
esac
`;

/** Nobody cuts the power here, and a busy disk takes seconds. */
const SYNC = "#!/bin/sh\n";

const PULUMI = `#!/bin/bash
here=$(dirname "$0")/..
echo "$*" >> "$here/pulumi-calls"
case "$1" in preview | up)
  main=$(sed -n 's/^main: //p' "$PULUMI_OPTION_CWD/Pulumi.yaml")
  [ ! -d "\${main%/*}/.git" ] && [ ! -f "\${main%/*}/.git" ] ||
    echo "$1 $(git -C "\${main%/*}" rev-parse HEAD)" >> "$here/pulumi-commits" ;;
esac
event() { printf '{"%s":{"metadata":{"op":"%s","urn":"urn:pulumi:nas::homelab::t::%s","type":"t"}}}\\n' "$@"; }
case "$1" in
  config) printf '{"homelab:forgejo-db":{"value":%s,"secret":true}}' "$(cat "$here/canary.json")" ;;
  preview)
    if [ -e "$here/unsound" ]; then
      printf '{"diagnosticEvent":{"severity":"error","message":%s}}\\n' "$(cat "$here/says.json")"
      cat "$here/says" >&2
      exit 255
    fi
    event resourcePreEvent create samba-container; event resourcePreEvent same glances-gate ;;
  stack)
    case "$2" in
      ls) printf '[{"name":"nas","lastUpdate":"%s"},{"name":"vps","lastUpdate":"1"}]' "$(cat "$here/updated")" ;;
      output) cat "$here/outputs-vps" ;;
    esac ;;
  cancel) rm -f "$here/pulumi-lock" ;;
  up)
    if [ -e "$here/pulumi-lock" ]; then
      echo "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with pulumi cancel." >&2
      cat "$here/pulumi-lock" >&2
      exit 255
    fi
    printf + >> "$here/updated"
    event resourcePreEvent create samba-container
    [ ! -e "$here/slow" ] || sleep 300
    while [ -e "$here/waits" ]; do sleep 0.2; done
    case "$*" in *--target*) [ ! -e "$here/look-back" ] || { mv "$here/look-back" "$here/look"; rm -f "$here/broken"; } ;; esac
    if [ -e "$here/broken" ]; then
      event resOpFailedEvent create samba-gate
      [ ! -e "$here/says.json" ] || printf '{"diagnosticEvent":{"severity":"error","message":%s}}\\n' "$(cat "$here/says.json")"
      printf '{"diagnosticEvent":{"severity":"error","message":"samba is unhealthy: %s"}}\\n' "$(sed 's/"/\\\\"/g' "$here/canary")"
      exit 255
    fi
    event resOutputsEvent create samba-gate
    event resOutputsEvent same syncthing-gate ;;
esac
`;

/** The imitation, and what a test does with it. */
export interface ImitatedFleet {
  readonly folder: string;
  readonly env: Record<string, string | undefined>;
  /** Folder of the Pulumi project. */
  readonly project: string;
  /** Folder of the program, whose commit is deployed. */
  readonly program: string;
  /** Root that is given with --root. */
  readonly root: string;
  readonly declaration: HostDeclaration;
  /**
   * Makes a file that switches something: away, slow, waits (until it is taken away), broken, unsound (a
   * preview that fails, and says what says.json and says have), pulumi-lock; digests: of the images there; says:
   * what each container has in its log, and says.json: what Pulumi complains of; look-back: how the host
   * looks after an `up` of some services, which also mends what was broken; unit: what systemd says
   * of the boot orchestrator; booted.json, look-booted: what it keeps, and how the host looks, after a
   * boot; opt/<name>: a file of /opt/homelab/state.
   */
  readonly put: (name: string, text?: string) => void;
  /** Takes such a file away. Of what was run, argv has the words. */
  readonly take: (name: string) => void;
  /** A file of the imitation; undefined when it is not there. */
  readonly read: (name: string) => string | undefined;
  /** A file below the root. */
  readonly state: (name: string) => string | undefined;
  /** Names in a folder below the root. */
  readonly list: (name: string) => string[];
  /** Runs git on the program, and answers what it said. */
  readonly git: (...args: string[]) => string;
  /** Commits another text of the program, and answers the commit. */
  readonly commit: (text: string) => string;
}

/** What the look prints of such a host. */
function lookOf({
  containers,
  images,
  networks,
  volumes,
  planDigest,
  observation,
}: SeenHost): string {
  const { files, gated, conditions, mesh, devices } = observation;
  const facts = { container: containers, image: images, network: networks, volume: volumes };
  return [
    `@clock ${CLOCK}`,
    ...Object.entries(facts).flatMap(([kind, all]) =>
      all.map((one) => `@${kind} ${JSON.stringify(one)}`),
    ),
    `@plan ${JSON.stringify({ digest: planDigest })}`,
    ...devices.map((device) => `device ${device}`),
    ...Object.entries(files).map(([name, token]) => `file ${name} ${token ?? "-"} ok`),
    ...Object.entries(gated).map(([name, id]) => `gate ${name} ${id}`),
    ...Object.keys(conditions).map((gate) => `condition ${gate} token open open`),
    `mesh ${mesh ?? ""} ok`,
    ...containers.map(({ Id, Name }) => `container ${Name.slice(1)} ${Id} spec`),
    "",
  ].join("\n");
}

/** A project in which nothing is missing, and its NAS. */
async function declaredNas() {
  const project = projectFolder();
  await completeProject(project);
  const opened = await openProject({ PULUMI_OPTION_CWD: project });
  const declaration = declarationsOf(opened).find(({ host }) => host === "nas");
  if (!declaration) throw new Error("nothing declares nas");
  const look = lookOf(hostAsDeclared(declaration, await readLock(lockPathOf(opened, "nas"))));
  return { project, declaration, look };
}

let once: ReturnType<typeof declaredNas> | undefined;

/** Builds it, with NAS as declared. All share the project, which nobody changes. */
export async function imitateFleet(): Promise<ImitatedFleet> {
  const folder = mkdtempSync(join(tmpdir(), "homelab-fleet-"));
  const { project, declaration, look } = await (once ??= declaredNas());
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write("look", look);
  write("updated", "1");
  write("outputs-vps", "{}");
  write("unit", "ActiveState=active\nSubState=running\nJob=\n");
  write("canary", CANARY);
  write("canary.json", JSON.stringify(CANARY));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "opt"));
  for (const [name, text] of Object.entries({
    ssh: SSH,
    docker: DOCKER,
    systemctl: SYSTEMCTL,
    pulumi: PULUMI,
    sync: SYNC,
  })) {
    write(`bin/${name}`, text);
    chmodSync(join(folder, "bin", name), 0o755);
  }
  const root = join(folder, "root");
  const program = join(project, "program");
  const git = (...args: string[]): string => {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
    return execFileSync("git", ["-C", program, ...identity, ...args], { encoding: "utf8" }).trim();
  };
  const read = (name: string): string | undefined => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  return {
    folder,
    root,
    project,
    program,
    declaration,
    env: {
      PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
      PULUMI_OPTION_CWD: project,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "x",
      HOMELAB_SSH_CONFIG: undefined,
    },
    put: (name, text = "") => write(name, text),
    take: (name) => rmSync(join(folder, name), { force: true }),
    read,
    state: (name) => read(`root/state/deploy/${name}`),
    list: (name) => (existsSync(join(root, name)) ? readdirSync(join(root, name)).sort() : []),
    git,
    commit: (text) => {
      writeFileSync(join(program, "program.mjs"), text);
      git("add", "program.mjs");
      git("commit", "--quiet", "--message", text);
      return git("rev-parse", "HEAD");
    },
  };
}
