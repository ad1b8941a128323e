import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { invitationText, type Invitation } from "../../../cli/mesh/invite.ts";
import { membersText } from "../../../cli/mesh/list.ts";
import { parseMembers } from "../../../components/networking/mesh-devices.plan.ts";
import { ScriptRoom } from "../../support/script.ts";
import { site } from "../../support/site.ts";
import { tailnetSite } from "../../support/tailnet-site.ts";
import { projectFolder, editYaml } from "../support/project-folder.ts";
import { runHomelab } from "../support/run-homelab.ts";

const KEY = "hskey-auth-canary";
/** In the form of Headscale 0.28: what is empty or false is not there. */
const NODES = JSON.stringify([
  {
    id: 4,
    name: "annas-laptop",
    given_name: "annas-laptop",
    ip_addresses: ["fd7a:115c:a1e0::4", "100.64.0.4"],
    tags: ["tag:admin"],
    last_seen: { seconds: 1_767_441_600, nanos: 5 },
  },
  { id: 1, name: "vps", ip_addresses: ["100.64.0.1"], online: true, tags: ["tag:vps"] },
]);

let room: ScriptRoom;
beforeEach(() => (room = new ScriptRoom()));

/** Runs the command before a VPS whose Headscale has such members. */
function run(words: readonly string[], nodes = NODES, folder = projectFolder()) {
  room.program("ssh", "exec sh -s");
  room.program(
    "docker",
    `case "$*" in
*"nodes list"*) printf '%s' '${nodes}' ;;
*"users list"*) printf '[\\n\\t{\\n\\t\\t"id": 7,\\n\\t}\\n]\\n' ;;
*"preauthkeys create"*) echo ${KEY} ;;
esac`,
  );
  const path = `${room.path("/bin")}:${process.env["PATH"] ?? ""}`;
  return runHomelab(["mesh", ...words], { PATH: path, PULUMI_OPTION_CWD: folder });
}

const asked = (): string => readFileSync(room.path("/calls/docker"), "utf8");

describe("homelab mesh list", () => {
  it("says who is in the mesh, our hosts first, what each may do, and when it was seen", () => {
    const text = membersText(parseMembers(NODES), Date.parse("2026-01-03T15:00:00Z"));
    expect(text).toMatch(/annas-laptop +100\.64\.0\.4 +tag:admin +3 h ago/);
    expect(text).toMatch(/vps +100\.64\.0\.1 +tag:vps +online/);
  });

  it("says the same to programs, in that order", async () => {
    const { exitCode, stdout } = await run(["list", "--json"]);
    expect(exitCode).toBe(0);
    const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(["vps", "annas-laptop"]);
  });

  it("takes a mesh without members, and no other answer, for a list", async () => {
    expect(parseMembers("null")).toEqual([]);
    const { exitCode, stderr } = await run(["list"], '{"nodes":[]}');
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error HL-HEADSCALE on vps: ");
  });
});

describe("homelab mesh invite", () => {
  it("makes a key for a computer that is good once, and says what to type there", async () => {
    const { exitCode, stdout } = await run(["invite", "bobs-laptop"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`--hostname=bobs-laptop --auth-key=${KEY}`);
    expect(asked()).toContain("preauthkeys create --user 7 --tags tag:admin --expiration 60m");
  });

  it("makes one for a phone, which may do less", async () => {
    const { stdout } = await run(["invite", "bobs-phone", "--phone", "--for", "2h", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ device: "bobs-phone", kind: "phone", key: KEY });
    expect(asked()).toContain("--tags tag:mobile --expiration 120m");
  });

  it("says which authority a device has to trust where the VPS has one of its own", () => {
    const vps = { issuer: "internal" } as const;
    const certificates = { ...site.certificates, vps };
    const made: Invitation = {
      device: "bobs-phone",
      kind: "phone",
      server: "https://hs.example",
      key: KEY,
      goodUntil: "2026-01-03T15:00:00Z",
    };
    expect(invitationText(made, { ...site, certificates })).toContain("root.crt");
    expect(invitationText(made, site)).not.toContain("root.crt");
  });

  it.each([
    ["a name that is one of our hosts'", ["nas"], "none of our hosts'"],
    ["what no name in a network is", ["Anna's"], "is no name for a device"],
    ["a name that a member has", ["annas-laptop"], "is a member already, though not online now"],
    ["a time that is none", ["bobs-laptop", "--for", "soon"], '"soon" is no time'],
    ["a key for longer than a week", ["bobs-laptop", "--for", "8d"], "7d at most"],
  ])("makes no key for %s", async (_, words, message) => {
    const { exitCode, stderr } = await run(["invite", ...words]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it("sends a person to Tailscale's own console where the mesh is a tailnet", async () => {
    const folder = projectFolder();
    editYaml<{ config: Record<string, { value: object }> }>(folder, "Pulumi.yaml", ({ config }) => {
      const settings = config["homelab:site"];
      if (settings) Object.assign(settings.value, { mesh: tailnetSite.mesh });
    });
    const { exitCode, stderr } = await run(["invite", "bobs-laptop"], NODES, folder);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("HL-MESH-TAILNET");
  });
});
