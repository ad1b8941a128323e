import { describe, expect, it } from "vitest";
import type { BootEvent } from "../../../programs/boot/boot-events.ts";
import { noted } from "../../../programs/boot/scheduler.ts";
import { MOST_RESTARTS, RESTART_PAUSE_SECONDS, underPlan } from "../../../programs/boot/staying.ts";
import { hard, planOf, soft, type Behaviour } from "./imitation.ts";
import { Host } from "./settled-host.ts";

const NAS = planOf(
  [
    { name: "sonarr", requires: [hard("gate:media")] },
    { name: "seerr", requires: [hard("sonarr")] },
    { name: "grafana" },
  ],
  { media: 300 },
);
const AWAY = { "gate:media": undefined };
const opens: BootEvent = { kind: "gate", gate: "gate:media", open: true, seen: "" };
const died = (service: string, exitCode = 0): BootEvent => ({ kind: "died", service, exitCode });

describe("a host whose gate opens after the boot", () => {
  it("starts who was held back, and then who needs that one", () => {
    const host = new Host(NAS, AWAY);
    expect(host.at("seerr")).toEqual({ at: "held", by: "sonarr" });
    host.take(opens, 1000);
    expect(host.did).toEqual(["start sonarr"]);
    host.comesUp("sonarr");
    expect(host.did).toEqual(["start sonarr", "start seerr"]);
    host.comesUp("seerr");
    expect(host.at("seerr")?.at).toBe("healthy");
  });

  it("does nothing while it is still closed", () => {
    const host = new Host(NAS, AWAY);
    const before = host.state.services;
    host.take({ kind: "gate", gate: "gate:media", open: false, seen: "away" }, 1000).wait(1000);
    expect(host.did).toEqual([]);
    expect([...host.state.services]).toEqual([...before]);
  });

  it("starts anew who runs without the mount and does not see it, whoever cannot run without that one first", () => {
    const plan = planOf(
      [
        { name: "frigate", requires: [soft("gate:nas", 5)] },
        { name: "viewer", requires: [hard("frigate")] },
        { name: "grafana" },
      ],
      { nas: 10 },
    );
    const host = new Host(plan, { "gate:nas": undefined });
    host.take({ kind: "gate", gate: "gate:nas", open: true, seen: "", blind: ["frigate"] }, 1000);
    expect(host.did).toEqual(["stop viewer"]);
    host.take({ kind: "stopped", service: "viewer" });
    host.take({ kind: "stopped", service: "frigate" });
    expect(host.did).toEqual(["stop viewer", "stop frigate", "start frigate"]);
    host.comesUp("frigate").comesUp("viewer");
    expect(host.did).toEqual(["stop viewer", "stop frigate", "start frigate", "start viewer"]);
  });

  it("looks again at a gate that was open once, before it starts what another service held back", () => {
    const plan = planOf(
      [{ name: "db" }, { name: "app", requires: [hard("db"), hard("gate:media")] }],
      { media: 300 },
    );
    const host = new Host(plan, { "gate:media": 0 })
      .take({ kind: "asked", service: "db" })
      .take(died("db"))
      .take(died("app"))
      .wait(RESTART_PAUSE_SECONDS)
      .take(opens);
    expect(host.at("app")).toEqual({ at: "held", by: "db" });
    host.wait(5000).comesUp("db");
    expect(host.state.gates.get("gate:media")?.at).toBe("unknown");
    expect(host.did).toEqual([]);
    host.take(opens);
    expect(host.did).toEqual(["start app"]);
  });

  it("leaves alone what a deployment started meanwhile, though the gate is closed", () => {
    const host = new Host(NAS, AWAY).comesUp("sonarr");
    expect(host.at("sonarr")?.at).toBe("healthy");
    expect(host.did).toEqual(["start seerr"]);
  });
});

describe("a container that ends without an error after the boot", () => {
  const plan = planOf([{ name: "frigate" }, { name: "viewer", requires: [hard("frigate")] }]);

  it("is started again, after a moment, when nobody asked for it", () => {
    const host = new Host(plan).take(died("frigate"));
    expect(host.did).toEqual([]);
    host.wait(RESTART_PAUSE_SECONDS);
    expect(host.did).toEqual(["start frigate"]);
    host.comesUp("frigate");
    expect(host.at("frigate")?.at).toBe("healthy");
    expect(host.at("viewer")?.at).toBe("healthy");
  });

  it.each([
    ["asked before it ended", [{ kind: "asked", service: "frigate" }, died("frigate")]],
    ["said so just after it ended", [died("frigate"), { kind: "asked", service: "frigate" }]],
    ["removed it", [died("frigate"), { kind: "removed", service: "frigate" }]],
  ] as [string, BootEvent[]][])("stays down when somebody %s", (_, events) => {
    const host = new Host(plan);
    for (const event of events) host.take(event);
    host.wait(60);
    expect(host.did).toEqual([]);
    expect(host.at("frigate")?.at).toBe("stopped");
  });

  it("is started again after it was asked to stop once, and somebody started it since", () => {
    const host = new Host(plan)
      .take({ kind: "asked", service: "frigate" })
      .take(died("frigate"))
      .comesUp("frigate")
      .take(died("frigate"))
      .wait(RESTART_PAUSE_SECONDS);
    expect(host.did).toEqual(["start frigate"]);
  });

  it("is left alone after five times within ten minutes, and counts again later", () => {
    const host = new Host(plan);
    const fall = () => host.take(died("frigate")).wait(RESTART_PAUSE_SECONDS);
    for (let time = 0; time < MOST_RESTARTS; time += 1) {
      fall();
      host.comesUp("frigate");
    }
    fall();
    expect(host.did).toHaveLength(MOST_RESTARTS);
    expect(host.at("frigate")).toMatchObject({
      at: "failed",
      reason:
        "it ended by itself 6 times within 10 minutes, and is left alone; look at: docker logs frigate",
    });
    host.wait(600).comesUp("frigate");
    fall();
    expect(host.did).toHaveLength(MOST_RESTARTS + 1);
  });

  it("waits for its gate, which is looked at anew, and is held back while that is closed", () => {
    const host = new Host(NAS, { "gate:media": 0 }).take(died("sonarr"));
    host.wait(RESTART_PAUSE_SECONDS);
    expect(host.state.gates.get("gate:media")?.at).toBe("unknown");
    expect(host.did).toEqual([]);
    host.wait(300);
    expect(host.at("sonarr")).toEqual({ at: "held", by: "gate:media" });
    host.take(opens);
    expect(host.did).toEqual(["start sonarr"]);
  });

  it("is no crash when something waits for it to end", () => {
    const migrates = planOf([
      { name: "migrate" },
      { name: "app", requires: [hard("migrate", "completed")] },
    ]);
    const ends: Behaviour = {
      found: "stopped",
      stops: true,
      onStart: { kind: "ends", after: 1 },
    };
    const host = new Host(migrates, {}, { migrate: ends })
      .comesUp("migrate")
      .take(died("migrate"))
      .wait(60);
    expect(host.did).toEqual([]);
    expect(host.at("migrate")?.at).toBe("completed");
  });

  it("counts as one also when it ended during the boot", () => {
    const ends: Behaviour = { found: "stopped", stops: true, onStart: { kind: "ends", after: 1 } };
    const host = new Host(plan, {}, { frigate: ends }).wait(RESTART_PAUSE_SECONDS);
    expect(host.did).toEqual(["start frigate"]);
    host.comesUp("frigate");
    expect(host.did).toEqual(["start frigate", "start viewer"]);
  });
});

describe("a container that crashes after the boot", () => {
  const plan = planOf([{ name: "db" }]);

  it("is left to the engine, and counts as failed once it keeps crashing", () => {
    const host = new Host(plan).take(died("db", 1));
    expect(host.at("db")).toMatchObject({ at: "starting", crashes: 1 });
    host.take({ kind: "up", service: "db" }).take(died("db", 1));
    host.take({ kind: "up", service: "db" }).take(died("db", 1));
    expect(host.at("db")).toMatchObject({ at: "failed", runs: false });
    host.comesUp("db");
    expect(host.at("db")?.at).toBe("healthy");
    expect(host.did).toEqual([]);
  });

  it("is not started when its end was asked for", () => {
    const host = new Host(plan).take({ kind: "asked", service: "db" }).take(died("db", 137));
    expect(host.wait(60).did).toEqual([]);
    expect(host.at("db")).toEqual({ at: "stopped", removed: false });
  });
});

describe("a deployment after the boot", () => {
  const plan = planOf([{ name: "db" }, { name: "app", requires: [hard("db")] }]);

  it("replaces a container without being contradicted", () => {
    const host = new Host(plan)
      .take({ kind: "asked", service: "db" })
      .take(died("db"))
      .take({ kind: "asked", service: "db" })
      .take({ kind: "removed", service: "db" })
      .wait(60);
    expect(host.at("db")).toEqual({ at: "stopped", removed: true });
    host.take({ kind: "up", service: "db" });
    expect(host.at("db")?.at).toBe("starting");
    host.take({ kind: "healthy", service: "db" });
    expect(host.at("db")?.at).toBe("healthy");
    expect(host.did).toEqual([]);
  });

  it("brings a plan whose new service is taken as it is found, and whose known ones go on", () => {
    const host = new Host(plan);
    const newer = planOf(
      [{ name: "db" }, { name: "new" }, { name: "other", requires: [hard("gate:disk")] }],
      { disk: 60 },
    );
    host.state = underPlan(host.state, newer, 100);
    expect(host.at("app")).toBeUndefined();
    for (const service of ["db", "new", "other"]) {
      const as = service === "db" ? "healthy" : "stopped";
      host.take({ kind: "found", service, as, checked: true });
    }
    expect(host.did).toEqual([]);
    expect(host.at("new")).toEqual({ at: "stopped", removed: false });
    expect(host.state.gates.get("gate:disk")).toEqual({ at: "unknown", from: 100 });
  });
});

describe("a look at containers after events were missed", () => {
  const plan = planOf([{ name: "db" }, { name: "app" }]);
  const found = (service: string, as: "missing" | "stopped" | "healthy"): BootEvent => ({
    kind: "found",
    service,
    as,
    checked: true,
  });

  it("starts what ended, and leaves down what somebody stopped meanwhile", () => {
    const host = new Host(plan);
    // As under maintenance: nothing is done, who asked is remembered.
    host.state = noted(host.state, { kind: "asked", service: "app" }, 1000);
    host.take(found("db", "stopped")).take(found("app", "stopped")).wait(RESTART_PAUSE_SECONDS);
    expect(host.did).toEqual(["start db"]);
    expect(host.at("app")).toEqual({ at: "stopped", removed: false });
  });

  it("takes what runs for up, and what is gone for removed", () => {
    const host = new Host(plan).take({ kind: "removed", service: "db" });
    host.take(found("db", "healthy")).take(found("app", "missing"));
    expect(host.at("db")?.at).toBe("healthy");
    expect(host.at("app")).toEqual({ at: "stopped", removed: true });
    expect(host.did).toEqual([]);
  });
});
