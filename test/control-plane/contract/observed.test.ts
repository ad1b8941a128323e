import { describe, expect, it } from "vitest";
import { bindingHash, type Binding } from "../../../control-plane/contract/actions.ts";
import { goalState } from "../../../control-plane/contract/goal.ts";
import { observedHash } from "../../../control-plane/contract/observed.ts";
import { parseOrder, orderText } from "../../../control-plane/contract/order.ts";
import { orderOf, standsFor } from "../../../control-plane/contract/order-of.ts";
import { VERBS, type Verb } from "../../../control-plane/contract/verbs.ts";
import { after, made, smallHome, type Home } from "../supervisor/imitated-home.ts";

const START = { verb: "start", host: "nas", target: "files" } as const;
const hashOf = (home: Home, restarts: readonly string[] = []): string =>
  observedHash(home.worlds, START, restarts);

describe("what an approval is bound to of the world", () => {
  const before = hashOf(smallHome(), ["nas/store"]);

  it("is the same however long ago it was seen, and however often it crashed", () => {
    const home = smallHome();
    home.time = 5000;
    const container = home.world("nas").services["files"]?.container ?? null;
    home.becomes("nas/files", "healthy", { container: container && { ...container, restarts: 7 } });
    home.becomes("nas/store", "running");
    home.change("nas", { sequence: 99, clockAheadSeconds: 3 });
    expect(hashOf(home, ["nas/store"])).toBe(before);
  });

  it.each<[string, (home: Home) => void]>([
    ["the target stopped", (home) => home.becomes("nas/files", "exited")],
    ["what restarts with it stopped", (home) => home.becomes("nas/store", "exited")],
    ["it has no container", (home) => home.becomes("nas/files", "missing", { container: null })],
    [
      "it has another image",
      (home) => {
        const container = home.world("nas").services["files"]?.container ?? null;
        const other = container && { ...container, digest: made("x") };
        home.becomes("nas/files", "healthy", { container: other });
      },
    ],
    [
      "the host has another plan",
      (home) =>
        home.change("nas", { plan: { digest: "0".repeat(16), commit: null, at: after(0) } }),
    ],
    [
      "the host is held",
      (home) => home.change("nas", { hold: { by: "p", commit: null, at: after(0) } }),
    ],
  ])("is something else when %s", (_, change) => {
    const home = smallHome();
    change(home);
    expect(hashOf(home, ["nas/store"])).not.toBe(before);
  });

  it("leaves health out where a deployment makes everything anew", () => {
    const [one, other] = [smallHome(), smallHome()];
    other.becomes("nas/files", "unhealthy");
    const deploy = { verb: "deploy-host", host: "nas", target: "nas" } as const;
    expect(observedHash(other.worlds, deploy, ["nas/files"])).toBe(
      observedHash(one.worlds, deploy, ["nas/files"]),
    );
  });
});

function bindingOf(verb: Verb, home: Home): Binding {
  const { digest = "" } = home.world("nas").plan ?? {};
  const targets: Partial<Record<Verb, string>> = {
    "deploy-host": "nas",
    "roll-back": "2026-11-20T08:00:00.000Z",
    "restore-copy": "files@3f2a90bc",
    remount: "disk",
  };
  return {
    verb,
    host: "nas",
    target: targets[verb] ?? "files",
    plan: digest,
    observed: "1".repeat(64),
    commit: "c".repeat(40),
    digests: [made("docker.io/library/files:1")],
  };
}

describe("the order for an action", () => {
  it("stands for that action and for no other, for every verb", () => {
    const home = smallHome();
    for (const verb of VERBS) {
      const binding = bindingOf(verb, home);
      const hash = bindingHash(binding);
      const order = orderOf(binding, hash, "a".repeat(32), "2026-11-26T12:00:00Z");
      expect(standsFor(parseOrder(orderText(order)), binding, hash), verb).toBe(true);
      const other = { ...binding, observed: "2".repeat(64) };
      expect(standsFor(order, other, bindingHash(other)), verb).toBe(false);
      expect(standsFor({ ...order, host: "vps" }, binding, hash), verb).toBe(false);
    }
  });
});

describe("what an action was for", () => {
  /** Everything on the NAS is as it should be, seen ten seconds after the action ended. */
  function seen(): Home {
    const home = smallHome();
    const at = after(10);
    const nas = home.world("nas");
    const services = Object.entries(nas.services).map(([name, one]) => {
      return [name, { ...one, at, container: one.container && { ...one.container, at } }] as const;
    });
    home.change("nas", {
      services: Object.fromEntries(services),
      plan: nas.plan && { ...nas.plan, at },
      hold: { by: "p", commit: "c".repeat(40), at },
      gates: { disk: { state: "open", since: at, at, seen: "" } },
      backups: { files: { ageSeconds: 60, at } },
    });
    return home;
  }

  it.each(VERBS)(
    "is met when it is seen so after %s, and not known from what was seen before",
    (verb) => {
      const home = seen();
      const binding = bindingOf(verb, home);
      expect(goalState(home.worlds, binding, after(0))).toBe("met");
      expect(goalState(home.worlds, binding, after(20))).toBe("unknown");
      home.unplug("nas");
      expect(goalState(home.worlds, binding, after(0))).toBe("unknown");
    },
  );

  it("is missed when something else is seen", () => {
    const others: readonly [Verb, (home: Home) => void][] = [
      ["start", (home) => home.becomes("nas/files", "exited")],
      ["restart", (home) => home.becomes("nas/files", "unhealthy")],
      [
        "deploy-host",
        (home) =>
          home.change("nas", { plan: { digest: "0".repeat(16), commit: null, at: after(10) } }),
      ],
      ["roll-back", (home) => home.change("nas", { hold: null })],
      ["remount", (home) => home.gate("nas/gate:disk", "closed")],
      [
        "run-backup",
        (home) => home.change("nas", { backups: { files: { ageSeconds: 90_000, at: after(10) } } }),
      ],
    ];
    for (const [verb, change] of others) {
      const home = seen();
      home.time = 10;
      const binding = bindingOf(verb, home);
      change(home);
      expect(goalState(home.worlds, binding, after(0)), verb).toBe("missed");
    }
  });
});
