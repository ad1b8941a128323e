import { describe, expect, it } from "vitest";
import { Arrivals, needsElsewhere } from "../../../deploy/outage/arrivals.ts";
import { hostPlan } from "../../../model/host-plan.ts";
import { hosts } from "../../support/fleet.ts";

const NEEDS = ["vps/ntfy", "nas/restic-rest"];
const never = new AbortController().signal;

describe("a host that is brought back after others", () => {
  it("waits for what its services need of those that were begun, until it is up or their boot is over", () => {
    const arrivals = new Arrivals();
    expect(arrivals.missing(NEEDS, ["vps", "nas"])).toEqual(NEEDS);
    expect(arrivals.missing(NEEDS, ["nas"])).toEqual(["nas/restic-rest"]);
    arrivals.up("nas/restic-rest");
    expect(arrivals.missing(NEEDS, ["vps", "nas"])).toEqual(["vps/ntfy"]);
    arrivals.settled("vps");
    expect(arrivals.missing(NEEDS, ["vps", "nas"])).toEqual([]);
  });

  it("goes on as soon as it is there, and without it when the time is over or a person wants it to end", async () => {
    const arrivals = new Arrivals();
    expect(await arrivals.await(NEEDS, ["vps"], 0, never)).toEqual(["vps/ntfy"]);
    expect(await arrivals.await(NEEDS, ["vps"], 600, AbortSignal.abort())).toEqual(["vps/ntfy"]);
    const waiting = arrivals.await(NEEDS, ["vps"], 600, never);
    arrivals.up("vps/ntfy");
    expect(await waiting).toEqual([]);
  });
});

describe("what this home's hosts need of each other", () => {
  it("is the store of the copies and the messages for the Docker VM, and nothing for the VPS", () => {
    const needs = new Map(
      hosts.map((host) => [
        host.host,
        needsElsewhere(hostPlan(host, { version: 1, images: {} }, "")),
      ]),
    );
    expect(needs.get("vps")).toEqual([]);
    expect(needs.get("docker-vm")?.sort()).toEqual(["nas/restic-rest", "vps/ntfy"]);
  });
});
