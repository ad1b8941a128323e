// What runs in a container from its first process to the server: the start script, the init
// process or the supervisor that the original image has. Whether a stop signal reaches the server
// is decided there, so these are the real programs.
import { quote } from "../../model/shell-text.ts";
import type { StandIn } from "./stand-in.ts";
import type { PathEntry } from "./path-entry.ts";

/** How the original gets from its first process to its server. */
export interface ProcessTree {
  /**
   * Who stays the first process.
   * exec: nobody, the start script becomes the server. waits: the start script, which passes the
   * signal on itself. tini, dumb-init: that one, above the start script. s6: s6-svscan, above a
   * supervisor of the server; it stands in for s6-overlay too.
   */
  readonly first: "exec" | "waits" | "tini" | "dumb-init" | "s6";
  /** Path of the start script, where the original has it. */
  readonly script: string;
  /** User that the server becomes, numbers as the shell expands them. @default nobody else */
  readonly user?: { readonly uid: string; readonly gid: string };
  /** The start script leaves the user as it is where that is root. @default false */
  readonly rootStays?: boolean;
  /** Folders that the start script, as root, gives to that user. @default none */
  readonly owns?: readonly string[];
  /** The start script, as root, reads the secrets for the server. @default false */
  readonly rootReads?: boolean;
  /** s6: the container ends when its server ends, with its exit code. @default false, a new one starts */
  readonly endsWithServer?: boolean;
  /** Program and arguments of the server. */
  readonly server: readonly string[];
}

/** What the tree adds to an image. */
export interface TreeParts {
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  readonly paths: readonly PathEntry[];
}

/** Folder of the supervised services, as in Forgejo's image. */
const SERVICES = "/etc/s6";
const RESULT = "/run/server-exit-code";
const SUPERVISE = [`[ "$#" != 0 ] || set -- /usr/bin/s6-svscan ${SERVICES}`, 'exec "$@"'];

/** Entrypoint, command and files of the tree. */
export function treeParts(tree: ProcessTree, secrets: StandIn["secrets"] = []): TreeParts {
  const start = executable(tree.script, startScript(tree, secrets));
  switch (tree.first) {
    case "s6":
      return { entrypoint: [tree.script], paths: [start, ...supervised(tree)] };
    case "tini":
      return {
        entrypoint: ["/sbin/tini", "--", tree.script],
        command: tree.server,
        paths: [start],
      };
    case "dumb-init":
      return {
        entrypoint: ["/usr/bin/dumb-init", "--", tree.script],
        command: tree.server,
        paths: [start],
      };
    case "exec":
    case "waits":
      return { entrypoint: [tree.script], command: tree.server, paths: [start] };
  }
}

/** Whether a process of root has to signal one of another user when the container is stopped. */
export function needsKill(tree: ProcessTree): boolean {
  return tree.first !== "exec" && tree.user !== undefined && !tree.user.uid.endsWith(":-0}");
}

function startScript(tree: ProcessTree, secrets: StandIn["secrets"]): string {
  return [
    "#!/bin/sh",
    "set -u",
    ...(tree.rootReads ? secretReads(secrets) : []),
    ...owners(tree),
    ...(tree.first === "s6" ? SUPERVISE : lastLines(tree)),
    "",
  ].join("\n");
}

/** `X_FILE` becomes `X`, as the original's start script does it while it is root. */
function secretReads(secrets: StandIn["secrets"]): string[] {
  return (secrets ?? []).flatMap(({ name, fileEnv }) =>
    fileEnv === undefined
      ? []
      : [
          `if [ -n "\${${fileEnv}-}" ]; then`,
          `  case $${fileEnv} in /*) ;; *) ${fileEnv}=/run/secrets/$${fileEnv} ;; esac`,
          `  ${name}=$(cat "$${fileEnv}") || exit 1`,
          `  export ${name}`,
          `  unset ${fileEnv}`,
          "fi",
        ],
  );
}

function owners({ user, owns = [] }: ProcessTree): string[] {
  if (user === undefined || owns.length === 0) return [];
  const others = `! \\( -user "${user.uid}" -group "${user.gid}" \\)`;
  return owns.map(
    (path) =>
      `[ ! -e ${quote(path)} ] || find ${quote(path)} ${others} -exec chown -h "${user.uid}:${user.gid}" {} + || echo "the owner of ${path} could not be set" >&2`,
  );
}

/** The server takes the place of the script, or is waited for. */
function lastLines(tree: ProcessTree): string[] {
  const server = `${becoming(tree)}"$@"`;
  const root =
    tree.user !== undefined && tree.rootStays ? [`[ "${tree.user.uid}" != 0 ] || exec "$@"`] : [];
  if (tree.first !== "waits") return [...root, `exec ${server}`];
  return [
    "stop() {",
    "  trap '' TERM INT",
    '  kill -TERM "$server"',
    '  wait "$server"',
    '  exit "$?"',
    "}",
    `${server} &`,
    "server=$!",
    "trap stop TERM INT",
    'wait "$server"',
  ];
}

function becoming({ user }: ProcessTree): string {
  if (user === undefined) return "";
  return `setpriv --reuid="${user.uid}" --regid="${user.gid}" --clear-groups -- `;
}

/** The service's folder: what starts it, and what follows its end. */
function supervised(tree: ProcessTree): PathEntry[] {
  const { user } = tree;
  const becomes = user === undefined ? "" : `s6-setuidgid "${user.uid}:${user.gid}" `;
  const run = `#!/bin/sh\nexec ${becomes}${tree.server.map(quote).join(" ")} 2>&1\n`;
  const service = executable(`${SERVICES}/server/run`, run);
  if (!tree.endsWithServer) return [service];
  return [
    service,
    executable(
      `${SERVICES}/server/finish`,
      `#!/bin/sh
code=$1
[ "$code" != 256 ] || code=$((128 + $2))
echo "$code" >${RESULT}
exec s6-svscanctl -t ${SERVICES}
`,
    ),
    executable(`${SERVICES}/.s6-svscan/finish`, `#!/bin/sh\nexit "$(cat ${RESULT} || echo 0)"\n`),
  ];
}

function executable(path: string, text: string): PathEntry {
  return { kind: "file", path, content: { text }, mode: 0o755 };
}
