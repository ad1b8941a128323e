import { describe, expect, it } from "vitest";
import { withOverrides } from "../../../compose/override/override.ts";
import { compareHost } from "../../../deploy/drift/compare-host.ts";
import { fleetWithOverrides } from "../../../deploy/staged/overridden.ts";
import { NO_OVERRIDES } from "../../../model/override-files.ts";
import { ofGrafana, overrideOf } from "../../compose/override/files.ts";
import { hostNamed } from "../../support/fleet.ts";
import { hostAsDeclared, lockOf } from "./imitated-host.ts";

const host = hostNamed("docker-vm");
const lock = lockOf(host);
const overrides = overrideOf("grafana", ofGrafana("mem_limit: 1g", "labels: { team: ours }"));

describe("drift on a host on which something is overridden", () => {
  it("is none once that is deployed", () => {
    const seen = hostAsDeclared(withOverrides(host, overrides), lock);
    seen.observation.overrides = overrides as typeof seen.observation.overrides;
    expect(compareHost(host, lock, seen).rows).toEqual([]);
  });

  it("names what differs until it is, and again when the override is gone", () => {
    const before = hostAsDeclared(host, lock);
    before.observation.overrides = overrides as typeof before.observation.overrides;
    const fields = compareHost(host, lock, before).rows.map(({ name, field }) => [name, field]);
    expect(fields).toEqual(
      expect.arrayContaining([
        ["docker-vm", "digest"],
        ["grafana", "memory"],
        ["grafana", "label team"],
      ]),
    );
    const after = hostAsDeclared(withOverrides(host, overrides), lock);
    expect(compareHost(host, lock, after).verdict).toBe("drift");
  });
});

describe("a deployment of such a host", () => {
  it("goes by it, and says whom it concerns", () => {
    const declared = { declaration: host, lock };
    const there = fleetWithOverrides([declared], declared, overrides);
    expect(there.fleet).toEqual([there.declared]);
    expect(there.declared.declaration).toEqual(withOverrides(host, overrides));
    expect(there.overridden).toContain("grafana (labels.team, mem_limit)");
    const plain = fleetWithOverrides([declared], declared, NO_OVERRIDES);
    expect(plain).toMatchObject({ fleet: [declared], overridden: undefined });
  });
});
