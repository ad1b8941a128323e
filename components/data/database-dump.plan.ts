import type { FileDeclaration } from "../../model/declared-files.ts";
import type { MountDeclaration, VolumeDeclaration } from "../../model/declaration.ts";
import { quote } from "../../model/shell-text.ts";

/** A PostgreSQL container that dumps its database when its backup sidecar asks. */
export interface DatabaseDumpArgs {
  /** Container name of the database, e.g. "paperless-db". */
  readonly service: string;
  readonly database: string;
  /** Role that may read everything in it. */
  readonly role: string;
  /** What the image would run: its entrypoint and command, e.g. ["docker-entrypoint.sh", "postgres"]. */
  readonly server: readonly string[];
}

/** The parts of the database's declaration that make it dump on request. */
export interface DatabaseDumpParts {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly init: true;
  readonly mount: MountDeclaration;
  readonly file: FileDeclaration;
  readonly volume: VolumeDeclaration;
}

const SCRIPT = "/dump-on-request.sh";
const FOLDER = "/dumps";

/**
 * Makes a PostgreSQL container answer its sidecar's requests for a dump. The dump is made by the
 * database's own container because only its image has a pg_dump that fits the server, and the
 * restic image has none (docs/adr/0003-database-dumps.md).
 */
export function databaseDump(args: DatabaseDumpArgs): DatabaseDumpParts {
  const volume = {
    name: `${args.service}-dumps`,
    notCopied: "holds the newest dump only on its way into the nightly copy",
  };
  return {
    entrypoint: ["/bin/sh", SCRIPT],
    command: args.server,
    // Adopts and reaps the waiting loop. As a child of PostgreSQL it would be taken for a crashed
    // session when it ends badly, and all sessions would be cut.
    init: true,
    mount: { kind: "volume", volume: volume.name, target: FOLDER },
    file: { target: SCRIPT, content: { kind: "text", text: dumpOnRequestScript(args, FOLDER) } },
    volume,
  };
}

/**
 * Waits beside the database for `<folder>/request`, whose first line is answered in
 * `<folder>/answer` (that line again, then "ok" or what went wrong); the dump is
 * `<folder>/dump/<database>.sql`. Plain text, because restic stores only what changed in it.
 */
export function dumpOnRequestScript(args: DatabaseDumpArgs, folder: string): string {
  return `#!/bin/sh
set -u
folder=${quote(folder)}
database=${quote(args.database)}

answer() {
  printf '%s\\n%s\\n' "$1" "$2" >"$folder/answer.new"
  mv "$folder/answer.new" "$folder/answer"
}

wait_for_requests() {
  while sleep 2; do
    [ -f "$folder/request" ] || continue
    ask=$(head -n 1 "$folder/request")
    rm -f "$folder/request"
    mkdir -p "$folder/dump"
    # Through the socket inside the container: no password is needed or known here.
    if pg_dump --clean --if-exists --username ${quote(args.role)} --dbname "$database" \\
      --file "$folder/unfinished.sql" 2>"$folder/errors"; then
      mv "$folder/unfinished.sql" "$folder/dump/$database.sql"
      answer "$ask" ok
    else
      rm -f "$folder/unfinished.sql"
      answer "$ask" "$(head -n 1 "$folder/errors")"
    fi
  done
}

# Twice in the background: its parent must be the init process, never PostgreSQL.
( (wait_for_requests) & )
exec "$@"
`;
}
