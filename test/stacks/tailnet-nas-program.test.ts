import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { EMPTY_OBSERVATION } from "../../hosts/observation.ts";
import type { RecordedResource } from "../support/recorded-program.ts";
import { ScriptRoom } from "../support/script.ts";
import { namedBy, recordStack } from "../support/stack-program.ts";
import { NODE_KEY, tailnetRun, tailnetSite } from "../support/tailnet-site.ts";

const SERVER = "https://controlplane.tailscale.com";

let resources: RecordedResource[] = [];
const enrolment = () => {
  const found = resources.find(({ name }) => name === "mesh-enrolment");
  if (!found) throw new Error("nothing enrols the host");
  return found;
};

beforeAll(async () => {
  resources = await recordStack("nas", {
    ...tailnetRun,
    config: {
      "tailscale:oauthClientId": "client-id",
      "tailscale:oauthClientSecret": "client-secret",
    },
    outputs: { "vps.meshCoordinator": SERVER },
    // It joined before, and is a member still.
    observation: { ...EMPTY_OBSERVATION, mesh: "written-7" },
  });
}, 120_000);

describe("the program of a NAS in a tailnet", () => {
  it("makes the key of its own host, and leaves policy and DNS to the VPS's stack", () => {
    const made = resources.filter(({ type }) => type.startsWith("tailscale:"));
    expect(made.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "tailscale:index/tailnetKey:TailnetKey tailnet-key",
    ]);
    expect(made[0]?.inputs["tags"]).toEqual(["tag:server"]);
    expect(enrolment().dependencies.map(namedBy)).toContain(
      "tailscale:index/tailnetKey:TailnetKey tailnet-key",
    );
  });

  it("keeps the key of the enrolment that the host remembers", () => {
    const key = resources.find(({ name }) => name === "tailnet-key");
    expect(key?.inputs["description"]).toBe("nas written-7");
    expect(enrolment().inputs["stdin"]).toContain("echo 'written-7' ");
  });

  it("can use a client with its secret in place of a key", () => {
    const provider = resources.find(({ name }) => name === "tailnet-tailscale");
    expect(provider?.inputs).toMatchObject({
      oauthClientId: "client-id",
      oauthClientSecret: "client-secret",
    });
    expect(provider?.inputs).not.toHaveProperty("apiKey");
    expect(provider?.secretInputs).toEqual(["oauthClientSecret"]);
  });

  it("waits for nothing of a Headscale on the VPS", () => {
    expect(JSON.stringify(enrolment().inputs)).not.toMatch(/headscale/i);
  });
});

describe("its enrolment", () => {
  it("lets a stranger join with the key, which no program gets as an argument", () => {
    const room = hostIn("NeedsLogin");
    expect(enrol(room)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(room.path("/given-key"), "utf8")).toBe(`${NODE_KEY}\n`);
    expect(callsIn(room)).toContain(`--login-server=${SERVER}`);
    expect(callsIn(room)).not.toContain(NODE_KEY);
    expect(readdirSync(room.path("/run"))).toEqual([".keep"]);
  });

  it("leaves a member alone, and the key unused", () => {
    const room = hostIn("Running");
    expect(enrol(room)).toMatchObject({ exitCode: 0 });
    expect(callsIn(room)).not.toContain("--auth-key");
  });

  it("does not take a host out of Headscale's mesh, and says how to", () => {
    const room = hostIn("Running", "https://hs.home.example");
    const { exitCode, stderr } = enrol(room);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("ssh nas tailscale logout");
  });
});

/** A host with a tailscale in a state, behind an ssh that leads there at once. */
function hostIn(state: string, server = SERVER): ScriptRoom {
  const room = new ScriptRoom();
  room.program("ssh", "exec sh -s");
  room.program("systemctl");
  room.program("tailscaled");
  room.program(
    "tailscale",
    `case "$1" in
status) printf '{\\n  "BackendState": "${state}",\\n' ;;
debug) printf '{\\n\\t"ControlURL": "${server}",\\n' ;;
ip) echo ${tailnetSite.hosts.nas.mesh} ;;
up) for word in "$@"; do case "$word" in --auth-key=file:*) cp "\${word#*file:}" '${room.path("/given-key")}' ;; esac; done ;;
esac`,
  );
  for (const program of ["base64", "head", "sed", "printf"]) {
    room.program(program, `exec /usr/bin/${program} "$@"`);
  }
  room.file("/run/.keep", "");
  return room;
}

function enrol(room: ScriptRoom) {
  return room.run(String(enrolment().inputs["stdin"]), ["/opt/homelab", "/run/"]);
}

/** What every program was called with. */
function callsIn(room: ScriptRoom): string {
  return readdirSync(room.path("/calls"))
    .map((name) => readFileSync(room.path(`/calls/${name}`), "utf8"))
    .join("\n");
}
