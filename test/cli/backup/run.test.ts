import { describe, expect, it } from "vitest";
import { jobsMeant, summaryOf } from "../../../cli/backup/run.ts";
import { parseRun, runScript } from "../../../cli/backup/run-script.ts";
import { hosts } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";
import { runHomelab } from "../support/run-homelab.ts";

const meant = (...words: string[]) =>
  jobsMeant(hosts, words).map(({ host, sidecar }) => `${host}/${sidecar.name}`);

/** A host on whose engine the job says and ends as given, each time that it is run. */
function host(...runs: { code: number; said: string; left?: string }[]): ScriptRoom {
  const room = new ScriptRoom();
  runs.forEach(({ code, said, left }, index) => {
    room.file(`/runs/${index}/said`, `${said}\n`);
    room.file(`/runs/${index}/code`, String(code));
    if (left !== undefined) room.file(`/runs/${index}/left`, left);
  });
  room.file("/count", "0");
  room.file("/var/tmp/.keep", "");
  room.program(
    "docker",
    `count=$(cat ${room.path("/count")})
case "$*" in
*State.Running*) [ ! -e ${room.path("/stopped")} ] && echo true ;;
*backup.sh)
  run=${room.path("/runs")}/$count
  echo $((count + 1)) >${room.path("/count")}
  cat $run/said
  [ ! -e $run/left ] || cp $run/left ${room.path("/last-run")}
  exit "$(cat $run/code)" ;;
*last-run) cat ${room.path("/last-run")} ;;
esac`,
  );
  return room;
}
const run = (room: ScriptRoom) =>
  parseRun(room.run(runScript("pihole-backup"), ["/var/tmp"]).stdout);
const receipt = (result: string, message: string) =>
  `result=${result}\nstarted=5\nfinished=9\nsnapshot=\nmessage=${message}\n`;

describe("a backup that is run by hand", () => {
  it("is of the jobs that are named, of a host, or both", () => {
    expect(meant("nas")).toEqual(["nas/forgejo-backup", "nas/coolify-backup"]);
    expect(meant("paperless-db")).toEqual(["docker-vm/paperless-backup"]);
    expect(meant("caddy", "vps")).toEqual(["vps/headscale-backup"]);
    expect(meant("paperless-db", "paperless", "docker-vm")).toHaveLength(1);
    expect(() => meant("pihole-backup", "nas")).toThrow('no backup job copies "pihole-backup"');
    expect(() => meant("nowhere")).toThrow("docker-vm/vaultwarden-backup");
  });

  it("ends with what the job says of itself", () => {
    const answer = run(host({ code: 0, said: "much", left: receipt("ok", "snapshot 1a2b3c4d") }));
    expect(answer).toMatchObject({ kind: "ok", waited: false, said: [] });
    expect(summaryOf("nas", "pihole-backup", answer).summary).toBe("snapshot 1a2b3c4d");
  });

  it("that fails ends with its reason and its last lines", () => {
    const said = Array.from({ length: 40 }, (_, line) => `line ${line}`).join("\n");
    const answer = run(host({ code: 1, said, left: receipt("failed", "the server is away") }));
    const { summary, said: shown } = summaryOf("nas", "pihole-backup", answer);
    expect(summary).toBe("the server is away");
    expect(shown).toHaveLength(15);
    expect(shown.at(-1)).toBe("line 39");
  });

  it("that could not even begin is not taken for the good run of the night before", () => {
    const room = host({ code: 127, said: "no such file" });
    room.file("/last-run", receipt("ok", "snapshot 1a2b3c4d"));
    expect(summaryOf("nas", "pihole-backup", run(room))).toEqual({
      summary: "it ended with exit code 127",
      said: ["no such file"],
    });
  });

  it("waits for one that is under way, and then copies what is there now", () => {
    const room = host(
      { code: 75, said: "another run is under way" },
      { code: 0, said: "", left: receipt("ok", "snapshot 1a2b3c4d") },
    );
    expect(run(room)).toMatchObject({ kind: "ok", waited: true });
    const again = { code: 75, said: "another run is under way" };
    expect(run(host(again, again)).kind).toBe("under-way");
  });

  it("says how to start a job that does not run", () => {
    const room = host();
    room.file("/stopped", "");
    const { summary } = summaryOf("nas", "pihole-backup", run(room));
    expect(summary).toContain("ssh nas docker start pihole-backup");
  });

  it("whose answer was cut short has not succeeded", () => {
    expect(parseRun("code 0\n").kind).toBe("cut-short");
  });

  it("of nothing at all is refused before a host is reached", async () => {
    const { exitCode, stderr } = await runHomelab(["backup", "run", "no-such"], {
      PULUMI_OPTION_CWD: undefined,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("HL-USAGE");
  });
});
