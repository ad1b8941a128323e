import { describe, expect, it } from "vitest";
import { parseAction } from "../../control-plane/contract/actions.ts";
import { batchSchema, happening } from "../../control-plane/contract/events.ts";
import { orderText, parseOrder } from "../../control-plane/contract/order.ts";
import { orderOf } from "../../control-plane/contract/order-of.ts";
import { TARGETS, VERBS } from "../../control-plane/contract/verbs.ts";
import { commandAtDesk } from "../../control-plane/contract/at-desk.ts";
import { HOSTS } from "../../model/host-names.ts";
import { BINDING } from "./binding.ts";
import { container, engine, look } from "./observer/said.ts";

/** Names that a shell, an option parser, an address or a path would take for more than a name. */
const HOSTILE = [
  "x;touch /tmp/canary",
  "$(id)",
  "`id`",
  "a\nid",
  "a|b",
  "a b",
  "-v",
  "--help",
  "-oProxyCommand=id",
  "user@-oProxyCommand=id",
  "../../version?x=",
  "..%2finfo",
  "a/../b",
  "/etc/passwd",
  "a\u0000",
  "a\u202eb",
  "",
  "x".repeat(10_000),
];
/** What every shell takes for one word, and no program for an option. */
const ONE_WORD = /^[A-Za-z0-9][A-Za-z0-9_.:@-]*$/;
const GOOD: Partial<Record<(typeof VERBS)[number], string>> = {
  "deploy-host": "nas",
  "roll-back": "2026-11-20T08:00:00.000Z",
  "restore-copy": "paperless-db@3f2a90bc",
};

describe.each(HOSTILE)("the name %j", (name) => {
  it.each(VERBS)(
    "is no target of %s: in no action, no order and no text that is signed (S1, S6)",
    (verb) => {
      expect(TARGETS[verb].safeParse(name).success).toBe(false);
      const binding = { ...BINDING, verb, target: name, commit: "c".repeat(40) };
      const order = orderOf(binding, "0".repeat(64), "1".repeat(32), "2026-11-26T12:00:00Z");
      expect(() => orderText(order)).toThrow("this is no order");
      const good = orderText({ ...order, target: GOOD[verb] ?? "jellyfin" });
      const forged = good.replace(/^target: .*$/m, `target: ${name}`);
      expect(() => parseOrder(forged)).toThrow("this is no order");
      expect(parseAction(JSON.stringify({ binding }))).toBeUndefined();
    },
  );

  it("is no host, so nobody is reached by it (S3)", () => {
    const binding = { ...BINDING, host: name };
    const order = orderOf(binding, "0".repeat(64), "1".repeat(32), "2026-11-26T12:00:00Z");
    expect(() => orderText(order)).toThrow("this is no order");
    const batch = { version: 1, stream: "1".repeat(32), events: [] };
    expect(batchSchema.safeParse({ ...batch, host: name }).success).toBe(false);
  });

  it("is neither name nor id of a container that a host tells of, and so in no path of an engine (S7)", () => {
    expect(happening.safeParse({ ...engine("jellyfin", "start"), id: name }).success).toBe(false);
    for (const change of [{ name }, { id: name }]) {
      expect(happening.safeParse(look([container("jellyfin", change)])).success).toBe(false);
    }
  });
});

it("a command that a card shows has no word but those of the program, a host and a target (S1, S6)", () => {
  for (const verb of VERBS) {
    for (const host of HOSTS) {
      const command = commandAtDesk({ verb, host, target: GOOD[verb] ?? "jellyfin" });
      for (const word of command?.split(" ") ?? []) {
        expect(["&&", "--to", "--host", "--snapshot"].includes(word) || ONE_WORD.test(word)).toBe(
          true,
        );
      }
    }
  }
});
