import { describe, expect, it } from "vitest";
import { UserError } from "../../model/errors.ts";
import { hostPlan, parsePlan, serializePlan } from "../../model/host-plan.ts";
import { hostNamed } from "../support/fleet.ts";

const plan = hostPlan(hostNamed("docker-vm"), { version: 1, images: {} }, "commit");

/** The plan's text, changed as another commit would write it. */
function text(change: (plan: Record<string, unknown>) => void): string {
  const copy = JSON.parse(serializePlan(plan)) as Record<string, unknown>;
  change(copy);
  return JSON.stringify(copy);
}

function refusal(written: string): UserError {
  try {
    parsePlan(written, "/plan.json");
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error("it was read");
}

describe("a host plan", () => {
  it("is read as it was written, and holds nothing that the commit before does not read", () => {
    expect(parsePlan(serializePlan(plan), "/plan.json")).toEqual({ plan, ignored: [] });
    expect(Object.keys(plan).sort()).toEqual([
      "commit",
      "digest",
      "gates",
      "host",
      "services",
      "version",
    ]);
  });

  it("of a newer commit is read without what only that commit knows, and says what it was", () => {
    const written = text((copy) => {
      copy["mood"] = "new";
      const gates = copy["gates"] as { condition: Record<string, unknown> }[];
      const services = copy["services"] as Record<string, unknown>[];
      if (gates[0]) gates[0].condition["owner"] = "1000";
      if (services[2]) services[2]["memory"] = 7;
    });
    const read = parsePlan(written, "/plan.json");
    expect(read.plan).toEqual(plan);
    expect([...read.ignored].sort()).toEqual([
      "gates.0.condition.owner",
      "mood",
      "services.2.memory",
    ]);
  });

  it("of a newer version is read where that version says that this one can", () => {
    const newer = (fields: object) => text((copy) => Object.assign(copy, fields));
    expect(parsePlan(newer({ version: 2, readableFrom: 1 }), "/plan.json").plan.services).toEqual(
      plan.services,
    );
    for (const fields of [{ version: 2 }, { version: 3, readableFrom: 2 }]) {
      const error = refusal(newer(fields));
      expect(error.code).toBe("HL-PLAN");
      expect(error.message).toMatch(
        /^\/plan\.json is a host plan of version \d; this program reads/,
      );
    }
  });

  it("that lacks something is refused with its path", () => {
    const error = refusal(text((copy) => delete copy["services"]));
    expect(error.message).toContain("/plan.json is not a host plan:\n  services: ");
    expect(refusal("{").message).toContain("is not JSON");
  });
});
