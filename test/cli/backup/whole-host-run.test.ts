// The whole command against an imitated host: what it answers to each script, by the script's kind.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { everythingOf } from "../../../cli/backup/places.ts";
import { hostNamed } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";
import { runHomelab } from "../support/run-homelab.ts";

const jobs = everythingOf(hostNamed("docker-vm"));
const names = jobs.map(({ job, database }) => database?.name ?? job.sidecar.name);
const all = jobs.flatMap(({ places }) => places.map(({ source }) => source));
const SNAPSHOT = "aaaa1111 2026-01-01T02:00:00Z";
const AFTER = Date.parse("2026-01-01T09:00:00Z") / 1000;
const BEFORE = Date.parse("2025-12-01T09:00:00Z") / 1000;

/** A host that says of each place when it was made and last written, and restores everything. */
function host({ born = AFTER, more = "" }: { born?: number; more?: string } = {}): ScriptRoom {
  const room = new ScriptRoom();
  room.file(
    "/history",
    [...all.map((source) => `times ${born} ${born} ${AFTER + 9} ${source}`), more, "end", ""].join(
      "\n",
    ),
  );
  const most = Math.max(...jobs.map(({ places }) => places.length));
  const places = Array.from({ length: most }, (_, index) => [
    `place ${index} 51 99999999 full /opt/homelab/replaced`,
    `writer ${index} NAME`,
    `copy ${index} 3 50`,
  ]).flat();
  room.file("/look", [`all ${SNAPSHOT}`, `snapshot ${SNAPSHOT}`, ...places, "end", ""].join("\n"));
  room.program(
    "ssh",
    `script=$(cat)
printf '\\nhomelab-connected\\n'
case $script in
*'dated() {'*) cat ${room.path("/history")} ;;
*'/look.sh'*) case $script in *paperless*) name=paperless-ngx ;; *) name=vaultwarden ;; esac
  sed "s/NAME/$name/" ${room.path("/look")} ;;
*'docker stop'*'stopped-for-restore'* | *'stopped-for-restore'*'docker stop'*) echo stop >>${room.path("/done")} ;;
*'/restore.sh'*)
  what=$(printf '%s' "$script" | sed -n "s/.*docker container inspect --format '{{.State.Running}}' '\\([a-z-]*\\)'.*/\\1/p" | head -n 1)
  case $script in *pg_dump*) what=${"$"}{what%-backup}-db ;; esac
  if [ "$what" = paperless-backup ] && [ -e ${room.path("/broken")} ]; then
    echo "problem the server is away"
    exit 1
  fi
  case $script in *state/restored/*) echo "restore $what" >>${room.path("/done")} ;; esac
  echo "kept 0 /opt/homelab/replaced/x"
  echo end ;;
*'docker start'*)
  [ ! -e ${room.path("/cut")} ] || exit 1
  echo start >>${room.path("/done")}
  for name in vaultwarden paperless-ngx; do
    case $script in *"start '$name'"*) echo "started $name" ;; esac
  done
  echo end ;;
*) echo "what is this?" >&2; exit 9 ;;
esac`,
  );
  return room;
}
const restore = (room: ScriptRoom, ...words: string[]) =>
  runHomelab(["backup", "restore", "--all", "--host", "docker-vm", ...words], {
    PULUMI_OPTION_CWD: undefined,
    PATH: `${room.path("/bin")}:${process.env["PATH"] ?? ""}`,
  });
function done(room: ScriptRoom): string[] {
  try {
    return readFileSync(room.path("/done"), "utf8").trim().split("\n");
  } catch {
    return [];
  }
}

describe("a host that is put back as a whole", () => {
  it("has its containers stopped, then its files, then its databases back, and is started", async () => {
    const room = host();
    const run = await restore(room, "--yes");
    expect(run.stderr).toContain("stops, in this order: ");
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    expect(done(room)).toEqual(["stop", ...names.map((name) => `restore ${name}`), "start"]);
    expect(names.indexOf("paperless-db")).toBeGreaterThan(names.indexOf("paperless-backup"));
    expect(run.stdout).toContain("paperless-db is back as of aaaa1111");
    expect(run.stdout).toContain("Started: vaultwarden, paperless-ngx");
    expect(run.stdout).toContain("Everything is back.");
  });

  it("asks before it changes anything, and is not done where nobody can answer", async () => {
    const room = host();
    const run = await restore(room);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("HL-CONFIRM");
    expect(run.stderr).toContain("vaultwarden-data");
    expect(done(room)).toEqual([]);
  });

  it("is refused, also with --yes, where what is there is newer than the copies", async () => {
    const room = host({ born: BEFORE });
    const run = await restore(room, "--yes");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(
      /error HL-RESTORE on docker-vm: nothing was changed: .*--replace-newer/,
    );
    expect(done(room)).toEqual([]);
    expect((await restore(room, "--yes", "--replace-newer")).exitCode).toBe(0);
    expect(done(room)).toContain("restore vaultwarden-backup");
  });

  it("is refused whole where one thing could not be looked at, with all the reasons", async () => {
    const room = host();
    room.file("/look", "problem the repository cannot be opened\n");
    const run = await restore(room, "--yes");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("pihole-backup: the repository cannot be opened; caddy-backup:");
    expect(done(room)).toEqual([]);
  });

  it("goes on when one part fails, leaves stopped who would miss it, and says how to go on", async () => {
    const room = host();
    room.file("/broken", "");
    const run = await restore(room, "--yes");
    expect(run.exitCode).toBe(1);
    const others = names.filter((name) => name !== "paperless-backup");
    expect(done(room)).toEqual(["stop", ...others.map((name) => `restore ${name}`), "start"]);
    expect(run.stdout).toMatch(/NOT BACK: paperless-data, paperless-media .* the server is away/);
    expect(run.stdout).toContain("Left stopped, because their data is not back: paperless-ngx");
    expect(run.stdout).toContain("Started: vaultwarden\n");
  });

  it("leaves them stopped as well when they were stopped by an attempt before", async () => {
    const room = host({ more: "waiting paperless-ngx" });
    room.file("/broken", "");
    room.file("/look", readFileSync(room.path("/look"), "utf8").replaceAll(/^writer .*\n/gm, ""));
    const run = await restore(room, "--yes");
    expect(run.stdout).toContain("Left stopped, because their data is not back: paperless-ngx");
    expect(run.stdout).not.toContain("Started");
  });

  it("does nothing when everything is back, but starts who was left stopped", async () => {
    const back = all.map((source) => `restored aaaa1111 ${AFTER + 5} ${source}`).join("\n");
    const room = host({ more: back });
    const again = await restore(room, "--yes");
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain("Nothing is left to put back on docker-vm.");
    expect(done(room)).toEqual([]);

    const waiting = host({ more: `${back}\nwaiting vaultwarden` });
    const run = await restore(waiting, "--yes");
    expect(run.stdout).toContain("Started: vaultwarden");
    expect(done(waiting)).toEqual(["stop", "start"]);
  });

  it("says what is back and where what was there lies, also where nobody hears of the starts", async () => {
    const room = host();
    room.file("/cut", "");
    const run = await restore(room, "--yes");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("error HL-RESTORE-PART on docker-vm");
    expect(run.stderr).toContain("ssh docker-vm rm -r /opt/homelab/replaced/x");
    expect(run.stderr).toContain("NOT STARTED: vaultwarden");
    expect(run.stdout + run.stderr).not.toContain("Everything is back");
  });

  it("is not said to be back where nothing of it has a copy", async () => {
    const room = host();
    room.file("/look", "none\n");
    const run = await restore(room, "--yes");
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain("Nothing can be put back on docker-vm");
    expect(done(room)).toEqual([]);
    const json = await restore(room, "--yes", "--json");
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      back: [],
      stays: all.map((source) => ({ source })),
    });
  });

  it("is offered the last moment at which something was made anew, which takes the least back", async () => {
    const room = host();
    const copies = ["bbbb2222 2025-11-01T02:00:00Z", SNAPSHOT].map((one) => `all ${one}`);
    room.file(
      "/look",
      readFileSync(room.path("/look"), "utf8").replace(/^all .*/, copies.join("\n")),
    );
    const [first = "", ...others] = all;
    const late = Date.parse("2025-12-31T09:00:00Z") / 1000;
    const made = (source: string, born: number) => `times ${born} ${born} ${AFTER} ${source}`;
    const times = [made(first, BEFORE), ...others.map((source) => made(source, late))];
    room.file("/history", [...times, "end", ""].join("\n"));
    const run = await restore(room, "--yes");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("--before 2025-12-31T09:00:00.000Z for what they held before");
    expect(done(room)).toEqual([]);
  });
});
