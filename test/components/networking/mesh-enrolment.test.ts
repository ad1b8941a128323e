import { beforeEach, describe, expect, it } from "vitest";
import {
  confirmScript,
  headscaleEnrolment,
  inviteScript,
  joinScript,
  lookScript,
} from "../../../components/networking/mesh-enrolment.plan.ts";
import { PROXIES } from "../../../household/proxies.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";
import { site } from "../../support/site.ts";

/** The VPS's, with an authority where the test looks for it. */
const PROXY = { ...PROXIES.coordinator, service: "gatekeeper", authority: "/data/root.crt" };

const KEY = "hskey-auth-canary";
const nas = headscaleEnrolment(site, "nas");
const internal = {
  ...site,
  certificates: { ...site.certificates, vps: { issuer: "internal" as const } },
};

/** A tailscale that says it is in a state and logged in at a server. */
function tailscale(room: ScriptRoom, state: string, server: string, address = "100.64.0.2"): void {
  room.program("systemctl");
  room.program("tailscaled");
  room.program(
    "tailscale",
    `case "$1" in
status) printf '{\\n  "BackendState": "${state}",\\n  "Health": [\\n    "it hurts",\\n' ;;
debug) printf '{\\n\\t"ControlURL": "${server}",\\n' ;;
ip) echo ${address} ;;
up) for word in "$@"; do case "$word" in --auth-key=file:*) cp "\${word#*file:}" '${room.path("/given-key")}' ;; esac; done ;;
esac`,
  );
}

describe("enrolment in the mesh", () => {
  let room: ScriptRoom;
  beforeEach(() => (room = new ScriptRoom()));

  it("is made of scripts that a POSIX shell reads", () => {
    for (const host of HOSTS) {
      const enrolment = headscaleEnrolment(internal, host);
      expect(isValidShell(lookScript(enrolment)), host).toBe(true);
      expect(isValidShell(inviteScript(internal, host, PROXY)), host).toBe(true);
      expect(isValidShell(joinScript(enrolment)), host).toBe(true);
      expect(isValidShell(confirmScript(enrolment, "token")), host).toBe(true);
    }
  });

  it("lets the VPS join Headscale on its own machine, since the proxy waits for the VPS's address", () => {
    expect(headscaleEnrolment(site, "vps").server).toBe("http://127.0.0.1:8085");
    expect(nas.server).toBe(`https://hs.${site.domain}`);
  });

  it.each([
    ["Running", nas.server, "member"],
    ["Starting", nas.server, "member"],
    // It has a key, and its coordinator is away: another key would change nothing.
    ["NoState", nas.server, "member"],
    ["NeedsLogin", "", "stranger"],
    ["NeedsLogin", "https://other.example", "stranger"],
    ["Stopped", nas.server, "stranger"],
  ])("calls a machine in state %s at %j a %s", (state, server, verdict) => {
    tailscale(room, state, server);
    expect(room.run(lookScript(nas), []).stdout).toBe(verdict);
  });

  it("leaves a VPS alone that has joined through Headscale's public name", () => {
    tailscale(room, "Running", nas.server);
    expect(room.run(lookScript(headscaleEnrolment(site, "vps")), []).stdout).toBe("member");
  });

  it("does not take a machine out of another mesh, and says how to", () => {
    tailscale(room, "Running", "https://other.example");
    const { exitCode, stderr } = room.run(lookScript(nas), []);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("https://other.example");
    expect(stderr).toContain("ssh nas tailscale logout");
  });

  it("names the command that installs tailscale where it is missing", () => {
    room.program("sed");
    const script = `PATH=${room.path("/bin")}\n${lookScript(nas)}`;
    const { exitCode, stderr } = room.run(script, []);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("apt-get install --yes tailscale");
  });

  it("gives tailscale its key in a file and in no argument, and leaves no file", () => {
    tailscale(room, "NeedsLogin", "");
    room.file("/run/.keep", "");
    const invitation = Buffer.from(`${KEY}\n\n`).toString("base64");
    const script = `invitation='${invitation}'\n${joinScript(nas)}`;
    const { exitCode } = room.run(script, ["/run"]);
    expect(exitCode).toBe(0);
    const left = room
      .run(
        `cat '${room.path("/given-key")}'; cat '${room.path("/calls/tailscale")}'; ls '${room.path("/run")}'`,
        [],
      )
      .stdout.split("\n");
    expect(left[0]).toBe(KEY);
    expect(left.slice(1).join("\n")).not.toContain(KEY);
    expect(left.at(-1)).toContain("--auth-key=file:");
  });

  it("makes a key that is good once, for minutes, and for the host's tag", () => {
    room.program(
      "docker",
      headscaleSays('[\n\t{\n\t\t"id": 7,\n\t\t"name": "admin"\n\t}\n]', "[]"),
    );
    const { stdout } = room.run(inviteScript(site, "nas", PROXY), []);
    expect(stdout.trim()).toBe(KEY);
    const calls = callsOf(room, "docker");
    expect(calls).toContain(
      "exec headscale headscale preauthkeys create --user 7 --tags tag:server --expiration 5m",
    );
    expect(calls).not.toMatch(/users create|--reusable|nodes expire/);
  });

  it("makes the key's owner when there is none", () => {
    room.program("docker", headscaleSays("[]", "[]"));
    room.run(inviteScript(site, "nas", PROXY), []);
    expect(callsOf(room, "docker")).toContain("users create admin");
  });

  it("lets a node of ours that logged out come back, and no other of its name", () => {
    const node = (id: number, name: string, tag: string, expiry: number) =>
      `\t{\n\t\t"id": ${id},\n\t\t"name": "${name}",\n\t\t"user": {\n\t\t\t"id": 99,\n\t\t\t"name": "nas"\n\t\t},\n` +
      `\t\t"expiry": {\n\t\t\t"seconds": ${expiry}\n\t\t},\n\t\t"tags": [\n\t\t\t"${tag}"\n\t\t]\n\t}`;
    const nodes = [
      node(1, "vps", "tag:vps", 123),
      node(2, "nas", "tag:server", 123),
      node(3, "nas", "tag:mobile", 123),
      node(4, "nas", "tag:server", -62135596800),
    ];
    room.program("docker", headscaleSays('[\n\t{\n\t\t"id": 7\n', `[\n${nodes.join(",\n")}\n]`));
    room.run(inviteScript(site, "nas", PROXY), []);
    const expired = callsOf(room, "docker").match(/nodes expire --identifier \d+/g);
    expect(expired).toEqual(["nodes expire --identifier 2"]);
  });

  it("hands over the proxy's own authority where nobody else signs Headscale's certificate", () => {
    expect(inviteScript(internal, "nas", PROXY)).toContain(
      "docker exec gatekeeper cat /data/root.crt",
    );
    expect(inviteScript(site, "nas", PROXY)).not.toContain("docker exec gatekeeper");
    expect(inviteScript(internal, "vps", PROXY)).not.toContain("docker exec gatekeeper");
  });

  it("remembers where it joined, once the host has the declared address", () => {
    tailscale(room, "Running", nas.server);
    const { exitCode } = room.run(confirmScript(nas, "token-1"), ["/opt/homelab"]);
    expect(exitCode).toBe(0);
    const record = room.run(`cat '${room.path("/opt/homelab/state/mesh")}'`, []).stdout;
    expect(record).toBe(`token-1 ${nas.server}`);
  });

  it("says what to write where when Headscale gave another address", () => {
    tailscale(room, "Running", nas.server, "100.64.0.9");
    const { exitCode, stderr } = room.run(confirmScript(nas, "token-1"), ["/opt/homelab"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Write 100.64.0.9 as homelab:site.hosts.nas.mesh");
  });
});

/** A docker whose Headscale answers with these users and nodes, and makes one key. */
function headscaleSays(users: string, nodes: string): string {
  return `case "$*" in
*"users list"*) cat <<'END'
${users}
END
;;
*"nodes list"*) cat <<'END'
${nodes}
END
;;
*"preauthkeys create"*) echo ${KEY} ;;
esac`;
}

function callsOf(room: ScriptRoom, program: string): string {
  return room.run(`cat '${room.path(`/calls/${program}`)}'`, []).stdout;
}
