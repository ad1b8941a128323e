import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Invitation } from "../../../cli/mesh/invite.ts";
import type { MeshMember } from "../../../components/networking/mesh-devices.plan.ts";
import { MESH_TAGS, meshTag } from "../../../components/networking/mesh-policy.plan.ts";
import { gateProbe } from "../../../model/gate-script.ts";
import { HOSTS, type HostName } from "../../../model/host-names.ts";
import { setLink } from "../../../sandbox/network.ts";
import { declaredHost } from "../support/declared.ts";
import {
  homelab,
  homelabJson,
  on,
  openLab,
  tryOn,
  up,
  type Ended,
  type Lab,
} from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

/** Name of a device that is none of our hosts. */
const LAPTOP = "annas-laptop";

/** A member as Headscale lists it. */
interface Member {
  readonly id: number;
  readonly name: string;
  readonly ip_addresses: readonly string[];
  readonly online?: boolean;
  readonly tags: readonly string[];
}

describe("the mesh of the three hosts", () => {
  let lab: Lab;
  const addresses = new Map<HostName, string>();
  const probes = new Map<HostName, string>();

  beforeAll(async () => {
    lab = await openLab();
    for (const host of HOSTS) {
      const gate = (await declaredHost(lab, host)).gates.find(({ name }) => name === "mesh");
      if (gate?.kind !== "mesh") throw new Error(`${host} has no mesh gate`);
      addresses.set(host, gate.address);
      probes.set(host, gateProbe(gate));
    }
  });

  afterAll(async () => {
    await setLink(lab.settings, "vps", "restore");
    await tryOn(lab, "vps", "docker start headscale");
  });

  /** One look at a host's mesh gate. */
  const look = (host: HostName) => tryOn(lab, host, probes.get(host) ?? "exit 9");

  /** Looks until the gate is open or closed; the last look. */
  async function gateGets(host: HostName, state: "open" | "closed", seconds = 40): Promise<Ended> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const seen = await look(host);
      if ((seen.code === 0) === (state === "open") || Date.now() > deadline) return seen;
      await sleep(500);
    }
  }

  /** Whether an answer comes; two members that meet for the first time take some seconds. */
  async function reaches(from: HostName, to: HostName): Promise<boolean> {
    const { code } = await tryOn(lab, from, `ping -c 1 -w 30 ${addresses.get(to) ?? ""}`);
    return code === 0;
  }

  /** Waits until two members have a way to each other that needs no relay: the relay is on the VPS. */
  async function meet(one: HostName, other: HostName): Promise<void> {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      await on(lab, from, `tailscale ping --until-direct -c 30 ${addresses.get(to) ?? ""}`);
    }
  }

  it("has them as members of Headscale, online, with the declared addresses and tags", async () => {
    const text = await on(lab, "vps", "docker exec headscale headscale nodes list --output json");
    const members = new Map((JSON.parse(text) as Member[]).map((one) => [one.name, one]));
    expect([...members.keys()].sort()).toEqual([...HOSTS].sort());
    for (const host of HOSTS) {
      expect(members.get(host)?.ip_addresses[0], host).toBe(addresses.get(host));
      expect(members.get(host)?.tags, host).toEqual([meshTag(host)]);
      expect(members.get(host)?.online, host).toBe(true);
    }
  });

  it("lets each reach each over it, with no gate closed", async () => {
    const pairs = HOSTS.flatMap((from) => HOSTS.map((to) => ({ from, to })));
    const seen = await Promise.all(
      pairs.map(async ({ from, to }) => `${from} to ${to}: ${await reaches(from, to)}`),
    );
    expect(seen.filter((line) => line.endsWith("false"))).toEqual([]);
    for (const host of HOSTS) expect((await look(host)).output, host).toBe("");
  });

  it("sends the traffic through the mesh's own interface, and knows no relay but the homelab's", async () => {
    const route = await on(lab, "nas", `ip route get ${addresses.get("docker-vm") ?? ""}`);
    expect(route).toContain("dev tailscale0");
    const regions = await on(lab, "nas", "tailscale debug derp-map | grep RegionCode");
    expect(regions.match(/"RegionCode": "[a-z]+"/g)?.sort()).toEqual([
      '"RegionCode": "homelab"',
      '"RegionCode": "vps"',
    ]);
  });

  it("keeps no key: none in the stacks' state, on the hosts, or good for a second time", async () => {
    const text = await on(
      lab,
      "vps",
      "docker exec headscale headscale preauthkeys list --output json",
    );
    const keys = JSON.parse(text) as { used?: boolean; reusable?: boolean }[];
    expect(keys.length).toBeGreaterThanOrEqual(HOSTS.length);
    expect(keys.filter(({ used, reusable }) => used !== true || reusable === true)).toEqual([]);
    for (const host of HOSTS) {
      const left = "grep -rlE 'hskey-auth-[A-Za-z0-9_-]{20}' /run/homelab-mesh.* /opt/homelab /tmp";
      expect((await tryOn(lab, host, `${left} 2>/dev/null`)).output, host).toBe("");
    }
  });

  it("lets in a laptop that was invited, once, and lists it", async () => {
    const { answer } = await homelabJson(lab, ["mesh", "invite", LAPTOP]);
    const { server, key } = answer as Invitation;
    // A second node on the Docker VM, with a state and a socket of its own and no device of the kernel.
    const joined = await tryOn(
      lab,
      "docker-vm",
      `folder=$(mktemp -d) && cd "$folder" || exit 1
tailscaled --no-logs-no-support --tun=userspace-networking --port=0 --statedir=. --socket=./socket > log 2>&1 &
pid=$!
trap 'kill $pid; wait $pid; rm -rf "$folder"' EXIT
printf %s ${key} > key
tailscale --socket=./socket up --login-server=${server} --hostname=${LAPTOP} --auth-key=file:./key --timeout=60s < /dev/null &&
  tailscale --socket=./socket ping -c 20 --until-direct=false ${addresses.get("nas") ?? ""}`,
    );
    try {
      expect(joined.code, joined.output).toBe(0);
      const listed = await homelabJson(lab, ["mesh", "list"]);
      const laptop = (listed.answer as MeshMember[]).find(({ name }) => name === LAPTOP);
      expect(laptop?.tags).toEqual([MESH_TAGS.admin]);
      const again = await homelab(lab, ["mesh", "invite", LAPTOP]);
      expect([again.code, again.output]).toEqual([2, expect.stringContaining("HL-MESH-NAME")]);
    } finally {
      const all = "docker exec headscale headscale nodes list --output json";
      const nodes = JSON.parse(await on(lab, "vps", all)) as Member[];
      for (const { id } of nodes.filter(({ name }) => name === LAPTOP)) {
        const gone = `docker exec headscale headscale nodes delete --force --identifier ${id}`;
        await on(lab, "vps", gone);
      }
    }
  });

  it("names a host that was logged out by hand in a preview, and up brings it back", async () => {
    // The client sometimes cuts off its own last words to Headscale when it takes its network down,
    // fails, and is stopped instead of logged out. It is no member in either case.
    await tryOn(lab, "nas", "tailscale logout");
    expect(await plannedChanges(lab, "nas")).toEqual(["mesh-enrolment"]);
    const closed = await look("nas");
    expect(closed.output).toContain(`this machine has not ${addresses.get("nas") ?? ""}`);
    expect(closed.output).toMatch(/NeedsLogin|Stopped/);
    const mended = await up(lab, "nas");
    expect(mended.output).not.toContain("hskey-auth");
    expect(mended.code, mended.output).toBe(0);
    expect(await plannedChanges(lab, "nas")).toEqual([]);
    // The same member with the same address, and no second one.
    expect((await gateGets("nas", "open")).output).toBe("");
    const text = await on(lab, "vps", "docker exec headscale headscale nodes list --output json");
    expect((JSON.parse(text) as Member[]).length).toBe(HOSTS.length);
  });

  it("goes on without Headscale, but a host that boots meanwhile finds its gate closed", async () => {
    await on(lab, "vps", "docker stop headscale");
    expect(await reaches("nas", "docker-vm")).toBe(true);
    expect((await look("docker-vm")).output).toBe("");
    expect((await look("nas")).output).toBe("");
    // What a boot does to a member: it has to ask Headscale before it knows anybody.
    await on(lab, "nas", "systemctl restart tailscaled");
    const closed = await gateGets("nas", "closed");
    expect(closed.output).toContain(`this machine has not ${addresses.get("nas") ?? ""}`);
    expect(closed.output).toMatch(/NoState/);
    expect(await reaches("docker-vm", "vps")).toBe(true);
    const checked = await homelab(lab, ["check", "nas"]);
    expect(checked.output).toContain("npx homelab check vps");
    // It is a member that waits, and no stranger: a deployment has nothing to do about it.
    expect(await plannedChanges(lab, "nas")).toEqual([]);

    await on(lab, "vps", "docker start headscale");
    expect((await gateGets("nas", "open")).output).toBe("");
  });

  it("closes the gate of who cannot reach the VPS, while the others see each other", async () => {
    await meet("nas", "docker-vm");
    await setLink(lab.settings, "vps", "cut");
    const closed = await gateGets("nas", "closed");
    expect(closed.output).toContain(`${addresses.get("vps") ?? ""} does not answer there`);
    expect(await reaches("nas", "docker-vm")).toBe(true);
    const deployed = await up(lab, "nas");
    expect(deployed.code, deployed.output).toBe(0);

    await setLink(lab.settings, "vps", "restore");
    expect((await gateGets("nas", "open")).output).toBe("");
    expect((await gateGets("docker-vm", "open")).output).toBe("");
  });
});
