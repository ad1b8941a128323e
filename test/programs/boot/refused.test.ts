import { describe, expect, it } from "vitest";
import type { BootEvent } from "../../../programs/boot/boot-events.ts";
import { RESTART_PAUSE_SECONDS } from "../../../programs/boot/staying.ts";
import { hard, planOf, type Behaviour } from "./imitation.ts";
import { Host } from "./settled-host.ts";

const died = (service: string): BootEvent => ({ kind: "died", service, exitCode: 0 });

describe("a start that the engine refused after the boot", () => {
  const plan = planOf([{ name: "frigate" }, { name: "viewer", requires: [hard("frigate")] }]);
  const refusal: BootEvent = { kind: "refused", service: "frigate", reason: "port is taken" };
  const refusing = () => new Host(plan).take(died("frigate")).wait(RESTART_PAUSE_SECONDS);
  /** Seconds until it is tried again. */
  const tried = (host: Host): number => {
    const starts = () => host.did.filter((did) => did === "start frigate").length;
    const before = starts();
    host.take(refusal);
    for (let seconds = 1; seconds <= 1000; seconds += 1) {
      if (starts() > before) return seconds - 1;
      host.wait(1);
    }
    return Infinity;
  };

  it("is tried again, later each time, and left alone when it was tried so often within ten minutes", () => {
    const host = refusing();
    expect([1, 2, 3, 4].map(() => tried(host))).toEqual([30, 60, 120, 120]);
    expect(tried(host)).toBe(Infinity);
    expect(host.at("frigate")).toEqual({
      at: "failed",
      runs: false,
      reason:
        "the engine could not start it: port is taken; it was tried 6 times within 10 minutes, and is left alone",
    });
  });

  it("starts as if nothing had been, and whom it held back, when the engine does it", () => {
    const host = refusing();
    tried(host);
    host.comesUp("frigate");
    expect(host.at("frigate")?.at).toBe("healthy");
    expect(host.at("viewer")?.at).toBe("healthy");
  });

  it("is tried again too when it was refused during the boot", () => {
    const refused: Behaviour = { found: "stopped", stops: true, onStart: { kind: "refused" } };
    const host = new Host(plan, {}, { frigate: refused });
    expect(host.at("viewer")).toEqual({ at: "held", by: "frigate" });
    host.wait(14);
    expect(host.did).toEqual([]);
    host.wait(1).comesUp("frigate");
    expect(host.did).toEqual(["start frigate", "start viewer"]);
  });

  it("is not tried again when somebody stopped or removed it meanwhile", () => {
    for (const kind of ["asked", "removed"] as const) {
      const host = refusing().take(refusal).take({ kind, service: "frigate" }).wait(600);
      expect(host.did).toEqual(["start frigate"]);
      expect(host.at("frigate")?.at).toBe("stopped");
    }
  });
});
