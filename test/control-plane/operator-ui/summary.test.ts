import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { tokenSum } from "../../../control-plane/contract/bearer.ts";
import { summarySchema, type Summary } from "../../../control-plane/contract/summary.ts";
import { readState } from "../../../control-plane/operator-ui/read-state.ts";
import { makeSummaryServer } from "../../../control-plane/operator-ui/server.ts";
import { summaryOf } from "../../../control-plane/operator-ui/summary.ts";
import { alive, batch, newRoot, observe } from "../observer/room.ts";
import { container, engine, hello, look } from "../observer/said.ts";

const START = Date.UTC(2026, 10, 26, 10);
const TOKEN = "s".repeat(43);

/** What an Observer of two hosts wrote, of which one has been silent. */
async function written(): Promise<string> {
  const root = newRoot();
  const observer = await observe(root, { now: () => START });
  const nas = look([container("jellyfin"), container("samba", { state: "exited" })], {
    gates: [{ gate: "media", open: false, seen: "not mounted" }],
    held: [{ service: "samba", by: "gate:media" }],
    backups: [
      { job: "photos", ageSeconds: 3600 },
      { job: "documents", ageSeconds: null },
    ],
  });
  await observer.take(batch("nas", 1, [hello, nas]));
  await observer.take(batch("vps", 1, [hello, look([container("caddy"), container("ntfy")])]));
  await observer.listened(59);
  await observer.take(batch("nas", 3, [...alive(1), engine("stranger", "start")]));
  await observer.listened(1);
  await observer.writeWorld();
  mkdirSync(join(root, "state"), { recursive: true });
  const health = observer.health({ denied: 0, withoutToken: [] });
  writeFileSync(join(root, "state/observer_health.json"), JSON.stringify(health));
  return root;
}

async function summarised(root: string, now = START + 5000): Promise<Summary> {
  const summary = summaryOf(await readState(root), "test", now);
  return summarySchema.parse(summary);
}

describe("the summary", () => {
  it("has the true counts of everything that the Observer wrote", async () => {
    const summary = await summarised(await written());
    expect(summary.observer).toEqual({ state: "fresh", ageSeconds: 5, writable: true });
    expect(summary.hosts).toMatchObject({ total: 2, fresh: 1, unreachable: 1, unknown: 0 });
    expect(summary.services).toMatchObject({ total: 5, planned: 4, unplanned: 1, held: 1 });
    expect(summary.services.byState).toMatchObject({
      healthy: 1,
      exited: 1,
      running: 1,
      unreachable: 2,
      missing: 0,
    });
    expect(summary.gates).toEqual({ open: 0, closed: 1, unreachable: 0, unknown: 0 });
    expect(summary.backups).toEqual({ total: 2, never: 1, oldestSeconds: 3605 });
  });

  it("knows nothing of anything once the Observer has been silent, and calls nothing missing or well", async () => {
    const summary = await summarised(await written(), START + 60_000);
    expect(summary.observer).toEqual({ state: "silent", ageSeconds: 60, writable: null });
    expect(summary.hosts).toMatchObject({ total: 2, fresh: 0, unreachable: 0, unknown: 2 });
    expect(summary.services.byState).toMatchObject({ unknown: 5, healthy: 0, missing: 0 });
    expect(summary.gates.unknown).toBe(1);
  });

  it("counts a file that is torn, and the others all the same (R13)", async () => {
    const root = await written();
    writeFileSync(join(root, "world/nas.json"), '{"version":1,');
    mkdirSync(join(root, "queue"));
    writeFileSync(join(root, "queue/1.json"), "");
    expect(await summarised(root)).toMatchObject({ unreadable: 2, hosts: { total: 1 } });
  });

  it("is empty and says so before anything was written", async () => {
    const summary = await summarised(newRoot());
    expect(summary.observer).toEqual({ state: "silent", ageSeconds: null, writable: null });
    expect(summary.services.total).toBe(0);
  });
});

const close: (() => void)[] = [];
afterEach(() => close.splice(0).forEach((each) => each()));

/** A server for a root; answers how to ask it. */
async function served(root: string, sum = createHash("sha256").update(TOKEN).digest("hex")) {
  const server = makeSummaryServer({
    build: "test-build",
    read: () => readState(root),
    scrapeSum: () => tokenSum(sum),
    now: () => START,
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return (path: string, options: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, options);
}

describe("the server of counts", () => {
  it("answers /summary with counts and no name of anything", async () => {
    const ask = await served(await written());
    const text = await (await ask("/summary")).text();
    expect(summarySchema.parse(JSON.parse(text)).services.total).toBe(5);
    for (const name of ["nas", "jellyfin", "media", "photos"]) expect(text).not.toContain(name);
  });

  it("answers /healthz with its build and no more (S26)", async () => {
    const ask = await served(newRoot());
    expect(await (await ask("/healthz")).json()).toEqual({ status: "ok", build: "test-build" });
  });

  it("shows /metrics to the scrape token alone (S26)", async () => {
    const ask = await served(await written());
    const withToken = (token: string) =>
      ask("/metrics", { headers: { Authorization: `Bearer ${token}` } });
    expect((await ask("/metrics")).status).toBe(401);
    expect((await withToken("x".repeat(43))).status).toBe(401);
    const text = await (await withToken(TOKEN)).text();
    expect(text).toContain('homelab_control_plane_services{state="unreachable"} 2\n');
    expect(text).toContain("homelab_control_plane_observer_fresh 1\n");
  });

  it.each(["", "no sum", "0".repeat(63)])(
    "shows /metrics to nobody when its file holds %j",
    async (sum) => {
      const ask = await served(newRoot(), sum);
      const headers = { Authorization: `Bearer ${TOKEN}` };
      expect((await ask("/metrics", { headers })).status).toBe(401);
    },
  );

  it.each([
    ["POST", "/summary", 405],
    ["HEAD", "/summary", 405],
    ["OPTIONS", "/metrics", 405],
    ["DELETE", "/healthz", 405],
    ["GET", "/", 404],
    ["GET", "/summary/", 404],
    ["GET", "//summary", 404],
    ["GET", "/summary?token=x", 404],
    ["GET", "/debug/pprof", 404],
    ["POST", "/approve", 404],
  ])("answers %s %s with %i", async (method, path, status) => {
    const ask = await served(newRoot());
    expect((await ask(path, { method })).status).toBe(status);
  });
});
