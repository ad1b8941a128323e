import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { HostName } from "../../model/host-names.ts";
import type { RecordedResource } from "../support/recorded-program.ts";
import { site } from "../support/site.ts";
import { holdsSecret, inUrn, namedBy, recordStack } from "../support/stack-program.ts";

/** A public key; nobody has its private half. */
const KEY = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)} laptop`;

/** A whole program hashes many passwords, on a machine that may be busy. */
const RUN_MILLISECONDS = 120_000;

/** What a stack has more with a control plane, and the rules for it. */
export interface More {
  /** Resources that it has and did not have, as the reviewed list writes them. */
  readonly made: readonly string[];
  /** Further tests of them. */
  readonly tests?: (resource: (name: string) => RecordedResource) => void;
}

/**
 * What turning the control plane on changes in the stack of a host. Each host has a test file of
 * its own, because Pulumi's runtime is one for each process.
 */
export function describeControlPlane(host: HostName, more: More): void {
  let resources: RecordedResource[] = [];
  const resource = (name: string): RecordedResource => {
    const found = resources.find((one) => one.name === name);
    if (!found) throw new Error(`nothing made ${name}`);
    return found;
  };

  beforeAll(async () => {
    resources = await recordStack(host, {
      site: { ...site, controlPlane: { keepDays: 30, signers: [{ name: "anna", key: KEY }] } },
    });
  }, RUN_MILLISECONDS);

  describe(`the program of ${host} with a control plane`, () => {
    it("makes what it made without, and beside it only what is listed", () => {
      const golden = readFileSync(join(import.meta.dirname, `golden/${host}.txt`), "utf8");
      const list = resources.map(inUrn);
      const before = golden.trim().split("\n");
      expect(before.filter((line) => !list.includes(line))).toEqual([]);
      const beside = resources.filter((resource) => !before.includes(inUrn(resource)));
      const made = beside.map(({ type, name }) => `${type} ${name}`);
      expect(made.sort()).toEqual([...more.made].sort());
    });

    it("tells the boot program where it says what it sees, encrypted in the state, before it is watched anew", () => {
      const { inputs, secretInputs } = resource("reporting-files");
      expect(secretInputs).toEqual(["stdin"]);
      expect(holdsSecret(inputs["stdin"])).toBe(true);
      expect(inputs["stdin"]).toContain("put '/etc/homelab/observer.json' '0:0' '0644'");
      expect(inputs["stdin"]).toContain("put '/etc/homelab/observer-token' '0:0' '0600'");
      expect(resource("boot-watch").dependencies.map(namedBy)).toContain(
        "command:local:Command reporting-files",
      );
    });

    it("tells the boot program from whom it fetches what was approved, and whose signatures count", () => {
      const { inputs } = resource("acting-files");
      const script = String(inputs["stdin"]);
      expect(holdsSecret(script)).toBe(false);
      expect(script).toContain("put '/etc/homelab/actor.json' '0:0' '0644'");
      expect(script).toContain("put '/etc/homelab/allowed_signers' '0:0' '0644'");
      expect(inputs["delete"]).toContain("rm -f /etc/homelab/actor.json");
      expect(resource("boot-watch").dependencies.map(namedBy)).toContain(
        "command:local:Command acting-files",
      );
    });

    more.tests?.(resource);
  });
}
