import { describe, expect, it } from "vitest";
import { graphSchema } from "../../control-plane/contract/page-api.ts";
import { desiredOf } from "../../control-plane/supervisor/desired.ts";
import { parseRepository } from "../../control-plane/supervisor/repository-file.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import { HOSTS } from "../../model/host-names.ts";
import { hostPlan } from "../../model/host-plan.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { graphText, repositoryText } from "../../stacks/control-plane.ts";
import { rentedSite } from "../support/rented-site.ts";
import { site as usual } from "../support/site.ts";

const site = { ...usual, controlPlane: { keepDays: 30, signers: [] } };
const fleet = declareFleet(site);
const digest = `sha256:${"a".repeat(64)}`;
const images = HOSTS.flatMap((host) =>
  fleet[host].declaration.services.map(({ image }) => [image, digest] as const),
);
const lock: ImageLock = { version: 1, images: Object.fromEntries(images) };
const text = repositoryText({ site, fleet, lock });

describe("what should be, as the stack writes it for the Supervisor", () => {
  it("is read as the same plans that the hosts have, by their digests", () => {
    const desired = desiredOf(parseRepository(text, "repository.json"));
    for (const host of HOSTS) {
      const { digest } = hostPlan(fleet[host].declaration, lock, "");
      expect(desired.hosts.get(host)?.plan.digest, host).toBe(digest);
    }
    expect(desired.own).toEqual(
      new Set(
        fleet.vps.declaration.services.flatMap(({ name, stack }) =>
          stack === "control-plane" ? [`vps/${name}`] : [],
        ),
      ),
    );
  });

  it("knows that a mount of the Docker VM needs the NAS, and that both are in one place", () => {
    const desired = desiredOf(parseRepository(text, "repository.json"));
    expect(desired.needs.get("docker-vm/gate:nas-media")).toMatchObject([{ to: "nas" }]);
    expect(desired.places).toEqual({ home: ["nas", "docker-vm"] });
  });

  it("does not change with what nobody runs, nor with the commit, so its container stays", () => {
    const more = { ...lock, images: { ...lock.images, "docker.io/library/other:1": digest } };
    expect(repositoryText({ site, fleet, lock: more })).toBe(text);
    expect(parseRepository(text, "repository.json").commit).toBeNull();
  });

  it("does not change with who may approve", () => {
    const signers = [{ name: "anna", key: "ssh-ed25519 AAAA" }];
    const others = { ...site, controlPlane: { ...site.controlPlane, signers } };
    const declared = declareFleet(others);
    expect(declared.nas.declaration.acting?.signers).toEqual(signers);
    expect(repositoryText({ site: others, fleet: declared, lock })).toBe(text);
  });

  it("does not change with a VPS that is rented", () => {
    const rented = { ...site, vps: rentedSite.vps };
    const declared = declareFleet(rented);
    expect(declared.vps.declaration.machine).toBeDefined();
    expect(repositoryText({ site: rented, fleet: declared, lock })).toBe(text);
  });
});

describe("what needs what, as the stack writes it for the page", () => {
  const graph = graphSchema.parse(JSON.parse(graphText({ fleet })));

  it("has every service and gate of every host, with what it needs of another host too", () => {
    const services = HOSTS.flatMap((host) =>
      fleet[host].declaration.services.map(({ name }) => `${host}/${name}`),
    );
    const ids = graph.nodes.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(services));
    expect(ids).toContain("docker-vm/gate:nas-media");
    const across = graph.edges.filter(({ from, to }) => from.split("/")[0] !== to.split("/")[0]);
    expect(across.length).toBeGreaterThan(0);
    for (const { from, to } of graph.edges) expect(ids).toEqual(expect.arrayContaining([from, to]));
  });

  it("says nothing of how anything is set: no environment, file, port or secret's name (S12)", () => {
    const secrets = Object.keys(fleet.vps.declaration.secrets ?? {});
    expect(secrets).toContain("control-plane-password");
    for (const name of secrets) expect(JSON.stringify(graph)).not.toContain(name);
    const { name, ...others } = graph.nodes[0] as (typeof graph.nodes)[number] & { name?: string };
    expect([name, Object.keys(others).sort()]).toEqual([
      undefined,
      ["category", "host", "id", "kind", "service"],
    ]);
  });
});
