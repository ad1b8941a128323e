import { describe, expect, it } from "vitest";
import { description } from "../../../cli/adopt/adopt.ts";
import { lookScript, parseLook, removeScript } from "../../../cli/adopt/container.ts";
import { gateRecord } from "../../../model/paths.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";
import { site } from "../../support/site.ts";
import { runHomelab } from "../support/run-homelab.ts";

const ID = "a".repeat(64);

function inspected(changes: object = {}): string {
  return JSON.stringify([
    {
      Id: ID,
      Name: "/vaultwarden",
      Created: "2026-01-02T03:04:05Z",
      State: { Status: "running" },
      Config: {
        Image: "vaultwarden/server:latest",
        Labels: { "com.docker.compose.project": "security" },
      },
      HostConfig: { AutoRemove: false },
      Mounts: [
        { Type: "volume", Name: "vaultwarden-data", Source: "/x", Destination: "/data" },
        { Type: "volume", Name: "b".repeat(64), Source: "/y", Destination: "/cache" },
      ],
      ...changes,
    },
  ]);
}

describe("looking at a container", () => {
  it("reads what it is and which one was deployed", () => {
    const { deployedId, present } = parseLook(`${"c".repeat(64)}\n${inspected()}\n`);
    expect(deployedId).toBe("c".repeat(64));
    expect(present).toMatchObject({ id: ID, status: "running", removesItself: false });
    expect(present?.mounts.map(({ nameless }) => nameless)).toEqual([false, true]);
  });

  it("knows that there is none, and that none was deployed", () => {
    expect(parseLook("none\n[]\n")).toEqual({ deployedId: undefined, present: undefined });
    expect(parseLook("none\n")).toEqual({ deployedId: undefined, present: undefined });
  });

  it("fails when the engine does not answer, which is not the same as having none", () => {
    const room = new ScriptRoom();
    room.program("docker", `echo "[]"; echo "Cannot connect to the Docker daemon" >&2; exit 1`);
    const away = room.run(lookScript("vaultwarden"), ["/opt/homelab"]);
    expect(away.exitCode).not.toBe(0);
    expect(away.stderr).toContain("Cannot connect");
    room.program("docker", `[ "$1" = version ] || { echo "[]"; exit 1; }`);
    const none = room.run(lookScript("vaultwarden"), ["/opt/homelab"]);
    expect([none.exitCode, parseLook(none.stdout).present]).toEqual([0, undefined]);
  });

  it("takes a record that a power cut left empty for none", () => {
    const room = new ScriptRoom();
    room.file(gateRecord("vaultwarden"), "");
    room.program("docker", `cat <<'END'\n${inspected()}\nEND`);
    const { stdout } = room.run(lookScript("vaultwarden"), ["/opt/homelab"]);
    expect(parseLook(stdout)).toMatchObject({ deployedId: undefined, present: { id: ID } });
  });

  it("shows image, age, compose labels and which data the declared service takes over", () => {
    const { present } = parseLook(`none\n${inspected({ HostConfig: { AutoRemove: true } })}`);
    const service = declareFleet(site)["docker-vm"].declaration.services.find(
      ({ name }) => name === "vaultwarden",
    );
    if (!present || !service) throw new Error("both are there");
    const text = description("docker-vm", service, present);
    expect(text).toContain("vaultwarden/server:latest (declared: docker.io/vaultwarden/server:");
    expect(text).toContain("com.docker.compose.project=security");
    expect(text).toMatch(/vaultwarden-data at \/data$/m);
    expect(text).toMatch(/b{64} at \/cache; the declared service does not mount it$/m);
    expect(text).toContain("deletes its nameless volumes");
  });
});

describe("the scripts", () => {
  it("stop and remove by id, never with volumes", () => {
    expect(isValidShell(lookScript("vaultwarden"))).toBe(true);
    const script = removeScript(ID, 30);
    expect(isValidShell(script)).toBe(true);
    expect(script).toContain(`docker rm '${ID}'`);
    expect(script).not.toMatch(/docker rm .*-v/);
  });
});

describe("homelab adopt", () => {
  const here = { PULUMI_OPTION_CWD: undefined };

  it("refuses a name that is not declared, before it touches the host", async () => {
    const run = await runHomelab(["adopt", "nas", "minecraft"], here);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('"minecraft" is not declared on nas');
  });

  it("does not remove anything for a machine that did not say yes", async () => {
    const run = await runHomelab(["adopt", "nas", "forgejo", "--json"], here);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^error HL-CONFIRM/);
  });

  it("says that the container is stopped where the host is lost between copy and removal", async () => {
    const room = new ScriptRoom();
    const mounts = [{ Type: "volume", Name: "old", Source: "/x", Destination: "/data" }];
    room.file("/seen", `none\n${inspected({ Mounts: mounts })}\n`);
    // One call to look, one to copy; then the host is gone.
    room.program(
      "ssh",
      `cat >/dev/null
n=$(grep -c . "${room.path("/calls/ssh")}")
[ "$n" -le 2 ] || { echo "No route to host" >&2; exit 255; }
printf '\\nhomelab-connected\\n'
[ "$n" = 2 ] || cat "${room.path("/seen")}"`,
    );
    const words = [
      "adopt",
      "docker-vm",
      "vaultwarden",
      "--yes",
      "--volume",
      "old=vaultwarden-data",
    ];
    const path = `${room.path("/bin")}:${process.env["PATH"] ?? ""}`;
    const run = await runHomelab(words, { ...here, PATH: path });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(/error HL-ADOPT on docker-vm: .*No route to host/);
    expect(run.stderr).toContain("it is stopped: repeat the command");
    expect(run.stderr).toContain("ssh docker-vm docker start vaultwarden");
  });
});
