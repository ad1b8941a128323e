import { beforeAll, describe, expect, it } from "vitest";
import { EMPTY_OBSERVATION } from "../../hosts/observation.ts";
import type { HostName } from "../../model/host-names.ts";
import { hostNamed } from "../support/fleet.ts";
import type { RecordedResource } from "../support/recorded-program.ts";
import { namedBy, recordStack } from "../support/stack-program.ts";

const CONTAINER = "docker:index/container:Container";
const COMMAND = "command:local:Command";
const END = `${COMMAND} closed-gates`;

/** A whole program hashes many passwords, on a machine that may be busy. */
const RUN_MILLISECONDS = 120_000;

/** What was done to a host's gates, and who cannot run then. */
export interface ClosedGatesCase {
  readonly gates: readonly string[];
  readonly held: readonly string[];
}

/**
 * What holds for a stack's whole program while gates of its host stay closed; the mocks let even
 * the resource succeed that ends such a deployment, so that all is recorded that comes after it.
 */
export function describeClosedGates(host: HostName, { gates, held }: ClosedGatesCase): void {
  const resources = new Map<string, RecordedResource>();
  const { services } = hostNamed(host);
  const others = services.map(({ name }) => name).filter((name) => !held.includes(name));

  beforeAll(async () => {
    const last = { token: "written-1", open: true };
    const conditions = Object.fromEntries(
      hostNamed(host).gates.map(({ name }) => {
        const open = !gates.includes(name);
        return [name, { open, seen: open ? "" : "it is away", last }] as const;
      }),
    );
    const answers = Object.fromEntries(
      gates.map((name) => [`${COMMAND} gate-${name}`, { stdout: "closed it is away\n" }] as const),
    );
    const observation = { ...EMPTY_OBSERVATION, conditions, mesh: "written-1" };
    const recorded = await recordStack(host, { observation, answers });
    for (const one of recorded) resources.set(`${one.type} ${one.name}`, one);
  }, RUN_MILLISECONDS);

  /** All that a resource comes after. */
  function before(name: string): Set<string> {
    const seen = new Set<string>();
    const visit = (one: string): void => {
      for (const urn of resources.get(one)?.dependencies ?? []) {
        const other = namedBy(urn);
        if (seen.has(other)) continue;
        seen.add(other);
        visit(other);
      }
    };
    visit(name);
    return seen;
  }
  const madeOf = (service: string) =>
    [`${CONTAINER} ${service}-container`, `${COMMAND} ${service}-files`].filter((name) =>
      resources.has(name),
    );

  describe(`a deployment of ${host} behind ${gates.join(", ")}, closed`, () => {
    it("ends after everything that can run, and never waits for what cannot", () => {
      const waited = before(END);
      for (const name of others) expect(waited, name).toContain(`${COMMAND} ${name}-gate`);
      for (const name of held) expect(waited, name).not.toContain(`${CONTAINER} ${name}-container`);
    });

    it("neither makes nor changes what cannot run: all of it would come after the end", () => {
      for (const name of held) {
        expect(madeOf(name)).toContain(`${CONTAINER} ${name}-container`);
        for (const one of madeOf(name)) expect(before(one), one).toContain(END);
      }
    });

    it("has the host watched all the same, before the error ends it", () => {
      expect(before(END)).toContain(`${COMMAND} boot-watch`);
    });

    it("lets the rest go on, also who waits for one of them otherwise", () => {
      for (const one of others.flatMap(madeOf)) expect(before(one), one).not.toContain(END);
    });

    it("fails with one message: which gate, what was seen, what to do, who was left alone", () => {
      const { create, stdin } = resources.get(END)?.inputs ?? {};
      expect(create).toBe("cat >&2; exit 1");
      for (const name of held) expect(stdin).toContain(name);
      for (const name of gates) {
        const remedy = hostNamed(host).gates.find((gate) => gate.name === name)?.remedy ?? "?";
        expect(stdin).toMatch(new RegExp(`gate ${name}: it is away \\(holds back .*\\)`));
        expect(stdin).toContain(remedy);
      }
      expect(stdin).toContain(`pulumi up -s ${host}`);
    });
  });
}
