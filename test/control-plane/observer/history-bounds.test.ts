// What a host with its token can make others read of it, and no more.
import { expect, it } from "vitest";
import type { ToldBoot, ToldReceipt } from "../../../control-plane/contract/host-history.ts";
import { NOTHING } from "../../../control-plane/fold/facts.ts";
import { fold } from "../../../control-plane/fold/fold.ts";
import { worldText } from "../../../control-plane/fold/project.ts";
import { hello, Lines, timeOf } from "./said.ts";

const LIMIT = 600 * 1024;

function factsAfter(lines: Lines) {
  const facts = lines.all.reduce(fold, NOTHING).hosts["nas"];
  if (!facts) throw new Error("there is no nas");
  return facts;
}

const begun = (): Lines =>
  new Lines().note({ kind: "declared", silentAfterSeconds: { nas: 60 } }).say("nas", hello);

function receipt(at: number, services: number): ToldReceipt & { kind: "receipt" } {
  const about = { by: "ana@desk", commit: null, plan: null, only: null, putBack: null };
  const image = "i".repeat(500);
  const all = Array.from({ length: services }, (_, each) => `s${each}`);
  return {
    kind: "receipt",
    ...{ began: timeOf(at), ended: timeOf(at), ...about },
    services: all.map((service) => ({ service, image, spec: "0".repeat(16) })),
  };
}

it("receipts of any size take no more of a host's world than a look may, and the newest stay", () => {
  const lines = begun();
  for (let at = 1; at <= 10; at += 1) lines.say("nas", receipt(at, 150));
  const facts = factsAfter(lines);
  expect(worldText("nas", facts).length).toBeLessThan(LIMIT);
  expect(facts.receipts?.map(({ began }) => began)).toEqual([timeOf(10), timeOf(9), timeOf(8)]);
});

it("ten receipts of a host with sixty services are all kept", () => {
  const lines = begun();
  for (let at = 1; at <= 10; at += 1) {
    const { services, ...one } = receipt(at, 60);
    const image = `docker.io/library/something:1.2.3@sha256:${"0".repeat(64)}`;
    lines.say("nas", { ...one, services: services.map((each) => ({ ...each, image })) });
  }
  expect(factsAfter(lines).receipts).toHaveLength(10);
});

it("a boot that nobody could show is none, and the one before it is not called the last", () => {
  const service = { outcome: "failed" as const, waits: [], started: null, settled: 1 };
  const boot = (count: number): ToldBoot & { kind: "boot" } => ({
    kind: "boot",
    ...{ began: timeOf(1), seconds: 1, gates: [] },
    services: Array.from({ length: count }, (_, at) => {
      return { ...service, service: `s${at}`, why: "y".repeat(500) };
    }),
  });
  const lines = begun().say("nas", boot(60));
  expect(factsAfter(lines).boot?.services).toHaveLength(60);
  const facts = factsAfter(lines.say("nas", boot(1500)));
  expect(facts.boot).toBeUndefined();
  expect(worldText("nas", facts).length).toBeLessThan(LIMIT);
});
