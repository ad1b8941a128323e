import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  orderDigest,
  orderText,
  parseOrder,
  type Order,
} from "../../../control-plane/contract/order.ts";
import { BOUND_TO, VERBS, type Verb } from "../../../control-plane/contract/verbs.ts";

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((all) => all.join(""));
const digest = hex(64).map((text) => `sha256:${text}`);

const RESTART: Order = {
  host: "nas",
  verb: "restart",
  target: "jellyfin",
  digests: [`sha256:${"a".repeat(64)}`],
  shown: "b".repeat(64),
  nonce: "c".repeat(32),
  expires: "2026-11-26T12:00:00Z",
};
const TEXT = orderText(RESTART);

function targetOf(verb: Verb): string {
  switch (verb) {
    case "deploy-host":
      return "nas";
    case "roll-back":
      return "2026-11-20T08:00:00.000Z";
    case "restore-copy":
      return "paperless-db@3f2a90bc";
    case "start":
    case "restart":
    case "redeploy-service":
    case "remount":
    case "run-backup":
    case "update-image":
      return "jellyfin";
  }
}

const orders = fc
  .record({
    verb: fc.constantFrom(...VERBS),
    commit: hex(40),
    digests: fc.array(digest, { minLength: 1, maxLength: 4 }),
    shown: hex(64),
    nonce: hex(32),
    seconds: fc.integer({ min: 0, max: 4_000_000_000 }),
  })
  .map(({ verb, commit, digests, shown, nonce, seconds }): Order => ({
    host: "nas",
    verb,
    target: targetOf(verb),
    ...(BOUND_TO[verb].includes("commit") ? { commit } : {}),
    ...(BOUND_TO[verb].includes("digests") ? { digests } : {}),
    shown,
    nonce,
    expires: new Date(seconds * 1000).toISOString().replace(".000Z", "Z"),
  }));

describe("the text of an order", () => {
  it("says host, verb, target, images, what was shown, nonce and end, one to a line", () => {
    expect(TEXT).toBe(`homelab order 1
host: nas
verb: restart
target: jellyfin
commit: -
digests: sha256:${"a".repeat(64)}
shown: ${"b".repeat(64)}
nonce: ${"c".repeat(32)}
expires: 2026-11-26T12:00:00Z
`);
  });

  it("gives back the order that it was made of, for every verb", () => {
    fc.assert(
      fc.property(orders, (order) => {
        expect(parseOrder(orderText(order))).toEqual(order);
      }),
    );
  });

  it("is another one for every other order", () => {
    fc.assert(
      fc.property(orders, orders, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(orderText(one) === orderText(other)).toBe(same);
        expect(orderDigest(one) === orderDigest(other)).toBe(same);
      }),
    );
  });

  it("is refused with any byte changed, added or taken away, unless that is another whole order (S25)", () => {
    fc.assert(
      fc.property(
        fc.nat(TEXT.length - 1),
        fc.constantFrom("", "\n", " ", "x", "\r", "\u202e", "0"),
        (at, letter) => {
          for (const altered of [
            TEXT.slice(0, at) + letter + TEXT.slice(at + 1),
            TEXT.slice(0, at) + letter + TEXT.slice(at),
          ]) {
            if (altered === TEXT) continue;
            let read: Order | undefined;
            try {
              read = parseOrder(altered);
            } catch {
              continue;
            }
            expect(orderText(read)).toBe(altered);
            expect(read).not.toEqual(RESTART);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["a line more", `${TEXT}host: vps\n`],
    ["a line twice", TEXT.replace("verb: restart\n", "verb: restart\nverb: restart\n")],
    [
      "another order of lines",
      TEXT.replace("host: nas\nverb: restart\n", "verb: restart\nhost: nas\n"),
    ],
    ["no last line end", TEXT.slice(0, -1)],
    ["line ends of another system", TEXT.replaceAll("\n", "\r\n")],
    ["a space more", TEXT.replace("host: nas", "host:  nas")],
    ["another title", TEXT.replace("order 1", "order 2")],
    ["a verb that is none", TEXT.replace("restart", "remove")],
    ["a target that is an option", TEXT.replace("jellyfin", "--help")],
    ["a target with a path", TEXT.replace("jellyfin", "../../info")],
    ["a host that is an option", TEXT.replace("host: nas", "host: -oProxyCommand=x")],
    ["a digest in capitals", TEXT.replace("aaaa", "AAAA")],
    ["an end with a zone", TEXT.replace("12:00:00Z", "12:00:00+00:00")],
    ["an end that no calendar has", TEXT.replace("11-26", "02-30")],
    ["a commit where none belongs", TEXT.replace("commit: -", `commit: ${"d".repeat(40)}`)],
    ["no images where some belong", TEXT.replace(/digests: .*/, "digests: -")],
    ["nothing", ""],
  ])("is refused with %s", (_, text) => {
    expect(() => parseOrder(text)).toThrow(expect.objectContaining({ code: "HL-ORDER" }) as Error);
  });

  it("is not written for an order that could not be read again", () => {
    expect(() => orderText({ ...RESTART, target: "a\nhost: vps" })).toThrow("no target of restart");
    expect(() => orderText({ ...RESTART, verb: "deploy-host" })).toThrow();
  });

  it("lets a host be deployed only by its own name", () => {
    const { digests: _, ...rest } = RESTART;
    const deploy: Order = { ...rest, verb: "deploy-host", target: "nas", commit: "d".repeat(40) };
    expect(parseOrder(orderText(deploy))).toEqual(deploy);
    expect(() => orderText({ ...deploy, target: "vps" })).toThrow("the host itself");
  });
});
