import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { offsiteSyncPlan } from "../../../components/backup/offsite-sync.plan.ts";
import { HEADSCALE_COPIES } from "../../../components/networking/headscale-backup.plan.ts";
import { headscalePlan } from "../../../components/networking/headscale.plan.ts";
import { ScriptRoom } from "../../support/script.ts";
import { site } from "../../support/site.ts";

const [service] = offsiteSyncPlan(site).services;

function job(): string {
  const content = service?.files?.find(({ target }) => target === "/backup.sh")?.content;
  if (content?.kind !== "text") throw new Error("no job");
  return content.text;
}

const MOVED = ["/run/secrets", "/config/rclone", "/root/.ssh", "/data/headscale", "/state"];

function room(): ScriptRoom {
  const made = new ScriptRoom();
  for (const program of ["rsync", "rclone", "curl"]) made.program(program);
  made.file("/state/.keep", "");
  made.file("/data/headscale/.keep", "");
  made.file("/run/secrets/ntfy-header", "Authorization: Bearer tk_secret\n");
  made.file("/config/rclone/rclone.conf", "[gdrive-crypt]\n");
  made.file("/root/.ssh/offsite-key", "key\n");
  return made;
}

const result = (made: ScriptRoom) => readFileSync(made.path("/state/last-run"), "utf8");
const calls = (made: ScriptRoom, name: string) =>
  existsSync(made.path(`/calls/${name}`))
    ? readFileSync(made.path(`/calls/${name}`), "utf8")
        .trim()
        .split("\n")
    : [];

describe("the off-site copy", () => {
  it("fetches Headscale's copies, then sends them and the repositories away", () => {
    const made = room();
    expect(made.run(job(), MOVED)).toMatchObject({ exitCode: 0 });
    expect(calls(made, "rsync")[0]).toContain(`:${HEADSCALE_COPIES}/`);
    expect(calls(made, "rclone").map((call) => call.split(" ")[2])).toEqual([
      "gdrive-crypt:homelab/restic",
      "gdrive-crypt:homelab/headscale",
    ]);
    expect(result(made)).toContain("result=ok");
  });

  it("fetches from the folder that Headscale's sidecar writes", () => {
    const sidecar = headscalePlan(site, { hosts: [] }).services[1];
    expect(sidecar?.mounts).toContainEqual(
      expect.objectContaining({ kind: "bind", source: HEADSCALE_COPIES, target: "/backups" }),
    );
  });

  it("tells the critical topic when it failed, and sends nothing half", () => {
    const made = room();
    made.program("rsync", "echo 'no route to host'; exit 12");
    expect(made.run(job(), MOVED)).toMatchObject({ exitCode: 1 });
    expect(result(made)).toContain("no route to host");
    expect(calls(made, "rclone")).toEqual([]);
    expect(calls(made, "curl")[0]).toContain("cronova-critical");
  });

  it("says what to do when rclone was never set up", () => {
    const made = room();
    made.file("/config/rclone/rclone.conf", "");
    expect(made.run(job(), MOVED).stdout).toContain("docker exec -it offsite-sync rclone config");
  });

  it("stays good when only ntfy is away", () => {
    const made = room();
    made.program("curl", "exit 7");
    expect(made.run(job(), MOVED)).toMatchObject({ exitCode: 0 });
    expect(result(made)).toContain("result=ok");
  });

  it("shows the token to no list of processes", () => {
    const made = room();
    made.run(job(), MOVED);
    expect(calls(made, "curl").join()).not.toContain("tk_secret");
  });

  it("has the capabilities that crond needs to start a job", () => {
    expect(service?.capabilities).toEqual(expect.arrayContaining(["SETGID", "SETUID"]));
  });
});
