import { chmodSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { gateProbe } from "../../model/gate-script.ts";
import { ScriptRoom } from "../support/script.ts";

const MOVED = ["/mnt"];
const me = `${process.getuid?.()}:${process.getgid?.()}`;

/** A machine on which the export is mounted. */
function room(): ScriptRoom {
  const made = new ScriptRoom();
  made.file("/mnt/media/.homelab-export", "");
  made.program("findmnt", 'case "$*" in *SOURCE*) echo nas:/srv/media ;; esac');
  made.program("setpriv", 'while [ "$1" != sh ]; do shift; done; exec "$@"');
  return made;
}
const probe = (made: ScriptRoom, writer?: string) =>
  made.run(
    gateProbe({
      kind: "mount",
      path: "/mnt/media",
      source: "nas:/srv/media",
      writable: true,
      ...(writer === undefined ? {} : { writer }),
    }),
    MOVED,
  );

describe("a mount's gate", () => {
  it("writes as the user who will write", () => {
    const made = room();
    made.program(
      "setpriv",
      'case "$*" in *"--reuid 1000 --regid 1000 --clear-groups sh"*) ;; *) exit 1 ;; esac',
    );
    expect(probe(made, "1000:1000")).toMatchObject({ exitCode: 0 });
    expect(probe(made).stdout).toContain("cannot be written by 0:0");
  });

  it("says who may not write, whose the folder is, and what came back", () => {
    const made = room();
    made.program("setpriv", "echo 'sh: Permission denied' >&2; exit 2");
    const answer = probe(made, "1000:1000");
    expect(answer.exitCode).toBe(1);
    expect(answer.stdout).toMatch(
      new RegExp(
        `cannot be written by 1000:1000; it belongs to ${me} there: sh: Permission denied`,
      ),
    );
  });

  it("leaves nothing behind, and the folder's mode as it was", () => {
    const made = room();
    chmodSync(made.path("/mnt/media"), 0o2775);
    expect(probe(made, "1000:1000")).toMatchObject({ exitCode: 0 });
    expect(made.run("ls -A /mnt/media; stat -c %a /mnt/media", MOVED).stdout).toBe(
      ".homelab-export\n2775",
    );
  });

  it("names the package without which nothing can be mounted", () => {
    const made = room();
    made.program("findmnt", "exit 1");
    made.program("systemctl", "echo nfs-that-is-absent");
    const answer = probe(made);
    expect(answer.stdout).toMatch(/^nothing is mounted at \S+\/mnt\/media; /);
    expect(answer.stdout).toContain("install the package nfs-common");
  });
});
