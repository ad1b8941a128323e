import { describe, expect, it } from "vitest";
import type { InspectedContainer } from "../../../hosts/engine/inspect.ts";
import { containerAsMade, hexOf, network, volume, type SeenHost } from "./imitated-host.ts";
import { driftOf, host, lock, rowsOf, web } from "./changed-host.ts";

describe("what is there and not declared", () => {
  const extra = (change: (seen: SeenHost) => void) =>
    rowsOf(change).map(({ kind, name, found }) => `${kind} ${name}: ${found}`);

  function stranger(name: string, labels: Record<string, string>): InspectedContainer {
    const made = structuredClone<InspectedContainer>(containerAsMade(host, { ...web, name }, lock));
    made.Config.Labels = labels;
    made.Mounts = [{ Type: "volume", Name: `${name}-data`, Destination: "/d", RW: true }];
    made.NetworkSettings.Networks = { [`${name}-net`]: {} };
    return made;
  }

  function withOwn(name: string, labels: Record<string, string>) {
    return (seen: SeenHost): void => {
      seen.containers.push(stranger(name, labels));
      seen.networks.push(network(`${name}-net`));
      seen.volumes.push(volume(`${name}-data`));
    };
  }

  it("is reported when a person made it by hand, with the networks and volumes that it alone uses", () => {
    expect(extra(withOwn("test", {}))).toEqual([
      "container test: made by hand",
      "network test-net: not declared",
      "volume test-data: not declared; its data is kept",
    ]);
  });

  it("is reported when it was declared once, whatever else its labels say", () => {
    const labels = { "homelab.service": "old", "com.docker.compose.project": "mine" };
    expect(extra((seen) => seen.containers.push(stranger("old", labels)))).toEqual([
      "container old: no longer declared",
    ]);
  });

  it.each([
    ["Coolify deploys it", { "coolify.managed": "true" }, "coolify"],
    [
      "it is Coolify itself",
      { "com.docker.compose.project.working_dir": "/data/coolify/source" },
      "coolify",
    ],
    ["a Compose file has it", { "com.docker.compose.project": "mine" }, "Compose project mine"],
  ])("belongs to others when %s, and so does what it alone uses", (_, labels, owner) => {
    const report = driftOf(withOwn("theirs", labels));
    expect(report.rows).toEqual([]);
    expect(report.verdict).toBe("none");
    expect(report.others).toEqual([
      { kind: "container", name: "theirs", owner },
      { kind: "network", name: "theirs-net", owner },
      { kind: "volume", name: "theirs-data", owner },
    ]);
  });

  it("is passed over when it is the network of Coolify, or a volume without a name", () => {
    const report = driftOf((seen) => {
      seen.networks.push(network("coolify"));
      seen.volumes.push(volume(hexOf("nameless")));
    });
    expect(report.rows).toEqual([]);
    expect(report.others).toEqual([{ kind: "network", name: "coolify", owner: "coolify" }]);
  });
});
