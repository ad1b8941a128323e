import { existsSync, readFileSync } from "node:fs";
import {
  guardLook,
  guardScript,
  type GuardSettings,
} from "../../../components/backup/data-guard-script.ts";
import { BACKUP_PROGRAM } from "../../../household/backup.ts";
import type { DataRule } from "../../../model/image-contract.ts";
import type { DataKeeper } from "../../../model/kept-data.ts";
import { ScriptRoom } from "../../support/script.ts";

const DIGEST = "@sha256:0000";
const HOUR = 3600;
const NOW = Math.floor(Date.now() / 1000);

/** Seconds since 1970, some hours ago. */
export const hoursAgo = (hours: number): number => NOW - hours * HOUR;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** A host with one backup sidecar, "app-backup", as far as the guard looks. */
export class GuardedHost {
  readonly room = new ScriptRoom();

  constructor() {
    this.room.program("docker", DOCKER.replaceAll("ROOM", this.room.folder));
    this.room.program("restic", RESTIC.replaceAll("ROOM", this.room.folder));
    for (const folder of ["containers", "running", "volumes", "receipts", "snapshots"]) {
      this.room.file(`/${folder}/.keep`, "");
    }
    this.sidecar("app-backup");
    this.job(0, "ok");
  }

  /** The container of a service that we made. */
  container(service: string, image: string, made: number, began = made): void {
    const line = `${service} ${image}${DIGEST} ${iso(made)} ${iso(began)} docker-vm\n`;
    this.room.file(`/containers/${service}`, line);
  }

  sidecar(name: string): void {
    this.room.file(`/running/${name}`, "true\n");
    this.room.file(`/volumes/${name}-state`, "");
  }

  /** The result of the sidecar's last run. */
  receipt(result: "ok" | "failed", started: number, snapshot: string, message = "-"): void {
    this.room.file("/receipts/app-backup", receipt(result, started, snapshot, message));
  }

  /** What the job leaves behind when it is run now. */
  job(code: number, result: "ok" | "failed", message = "-"): void {
    this.room.file("/next", receipt(result, NOW, result === "ok" ? "aaaa1111" : "", message));
    this.room.file("/code", `${code}\n`);
  }

  record(service: string, ...lines: readonly string[]): void {
    this.room.file(`/opt/homelab/state/data/${service}`, lines.map((line) => `${line}\n`).join(""));
  }

  /** The lines of a service's record without their times. */
  recorded(service: string): string[] {
    const path = this.room.path(`/opt/homelab/state/data/${service}`);
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").trim().split("\n");
    return lines.map((line) => line.replace(/ \d+ /, " ").replaceAll(DIGEST, ""));
  }

  /** How often the sidecar's job was run. */
  copies(): number {
    const path = this.room.path("/calls/docker");
    const calls = existsSync(path) ? readFileSync(path, "utf8") : "";
    return calls.split("\n").filter((call) => call === "exec app-backup /backup.sh").length;
  }

  deploy(...keepers: readonly DataKeeper[]) {
    return this.#run(guardScript, keepers, {});
  }

  deployWithoutCopy(withoutCopy: GuardSettings["withoutCopy"], ...keepers: readonly DataKeeper[]) {
    return this.#run(guardScript, keepers, withoutCopy);
  }

  look(...keepers: readonly DataKeeper[]) {
    return this.#run(guardLook, keepers, {});
  }

  #run(
    script: (settings: GuardSettings) => string,
    keepers: readonly DataKeeper[],
    withoutCopy: GuardSettings["withoutCopy"],
  ) {
    return this.room.run(
      script({ program: BACKUP_PROGRAM, host: "docker-vm", keepers, withoutCopy }),
      ["/opt/homelab"],
    );
  }
}

/** A service whose data "app-backup" copies, and with it that of its database. */
export function keeper(
  service: string,
  image: string,
  rule: DataRule = { olderOpens: "never", newerOpens: true },
  database?: string,
): DataKeeper {
  const copies = [service, ...(database === undefined ? [] : [database])].map((restore) => ({
    restore,
    sidecar: "app-backup",
    state: "app-backup-state",
    freshSeconds: HOUR,
  }));
  return { service, image: `${image}${DIGEST}`, rule, copies };
}

function receipt(result: string, started: number, snapshot: string, message: string): string {
  return `result=${result}\nstarted=${started}\nfinished=${started}\nsnapshot=${snapshot}\nmessage=${message}\n`;
}

const DOCKER = `case "$1 $2" in
"container ls") ;;
"container inspect")
  format=$4
  shift 4
  code=0
  for name in "$@"; do
    case $format in "{{.State.Running}}") file=ROOM/running/$name ;; *) file=ROOM/containers/$name ;; esac
    cat "$file" 2>/dev/null || code=1
  done
  exit $code ;;
"volume inspect") [ -e "ROOM/volumes/$3" ] ;;
exec*)
  sidecar=$2
  shift 2
  case $1 in
  cat) cat "ROOM/receipts/$sidecar" ;;
  flock) ;;
  /backup.sh)
    echo "the job ran"
    cp ROOM/next "ROOM/receipts/$sidecar"
    code=$(cat ROOM/code)
    [ "$code" != 75 ] || echo 0 >ROOM/code
    exit "$code" ;;
  sh)
    script=$(printf '%s\\n' "$3" | sed "s|/state/last-run|ROOM/receipts/$sidecar|")
    exec sh -c "$script" keep "$5" ;;
  esac ;;
*) exit 64 ;;
esac`;

/** Knows the snapshots that were tagged, in the form of restic's answer: one line for all. */
const RESTIC = `case "$*" in
*snapshots*)
  [ -s ROOM/snapshots/tagged ] || { echo '[]'; exit; }
  echo "[$(paste -s -d , ROOM/snapshots/tagged)]" ;;
*tag*)
  for id in "$@"; do :; done
  new="bbbb$(printf %s "$id" | cut -c 5-8)"
  echo "{\\"time\\":\\"2026-01-01T00:00:00Z\\",\\"original\\":\\"\${id}0000\\",\\"id\\":\\"\${new}0000\\",\\"short_id\\":\\"$new\\"}" >>ROOM/snapshots/tagged ;;
esac`;
