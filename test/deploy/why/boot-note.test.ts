import { describe, expect, it } from "vitest";
import type { RecordedService } from "../../../model/boot-record.ts";
import { before, container, hostOf, serviceOf, whyOf } from "./small-fleet.ts";

const hosts = [hostOf("docker-vm", serviceOf("db", "gate:disk"))];

/** What is said of a database that does not run, by what the boot orchestrator knows of it. */
function detailWith(known: Partial<RecordedService> & Pick<RecordedService, "state">): string {
  const { chain } = whyOf("docker-vm/db", hosts, ({ "docker-vm": seen }) => {
    if (!seen) throw new Error("there is no docker-vm");
    const ended = { Status: "exited", ExitCode: 0, FinishedAt: before(300) };
    container(seen, "db").State = ended;
    const began = before(600);
    const db = { since: began, restarts: 0, ...known };
    seen.boot = { version: 1, host: "docker-vm", began, gates: {}, services: { db } };
  });
  return chain[0]?.detail ?? "";
}

describe("what the boot orchestrator adds about a service that does not run", () => {
  it.each([
    [
      { state: "held", by: "gate:disk" } as const,
      "the boot orchestrator holds it back without gate:disk, and starts it when that is there",
    ],
    [
      { state: "failed", reason: "ended 6 times in 10 min" } as const,
      "the boot orchestrator gave it up: ended 6 times in 10 min",
    ],
    [
      { state: "stopped" } as const,
      "somebody stopped it, so nothing starts it before the next boot",
    ],
    [{ state: "crashed" } as const, "the boot orchestrator starts it again in a moment"],
  ])("%o", (known, note) => {
    expect(detailWith(known)).toBe(`exited with 0, 5 min ago; ${note}`);
  });

  it("is nothing where its record is behind what the engine says", () => {
    expect(detailWith({ state: "healthy" })).toBe("exited with 0, 5 min ago");
  });
});
