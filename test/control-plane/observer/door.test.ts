import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { AuditLine } from "../../../control-plane/contract/audit.ts";
import { unsealed } from "../../../control-plane/contract/sealed-line.ts";
import { AUDIT_CAPS } from "../../../control-plane/contract/audit-caps.ts";
import { auditLines } from "../../../control-plane/disk/audit-trail.ts";
import { disk as partsDisk } from "../../../control-plane/disk/disk.ts";
import { Denials } from "../../../control-plane/observer/denials.ts";
import { DISK, type Disk } from "../../../control-plane/observer/disk.ts";
import { makeDoor } from "../../../control-plane/observer/door.ts";
import { readTokens } from "../../../control-plane/observer/tokens.ts";
import { ImitatedDisk } from "./imitated-disk.ts";
import { alive, batch, linesOnDisk, newRoot, observe } from "./room.ts";
import { hello } from "./said.ts";

const NAS = "n".repeat(43);
const VPS = "v".repeat(43);
const sum = (token: string): string => createHash("sha256").update(token).digest("hex");

const close: (() => void)[] = [];
afterEach(() => close.splice(0).forEach((each) => each()));

/** A door with an Observer behind it. */
async function opened(
  files: Readonly<Record<string, string>> = { nas: sum(NAS), vps: sum(VPS) },
  disk: Disk = DISK,
) {
  const root = newRoot();
  mkdirSync(join(root, "tokens"));
  for (const [host, text] of Object.entries(files)) writeFileSync(join(root, "tokens", host), text);
  const tokens = await readTokens(disk, join(root, "tokens"), ["nas", "vps"]);
  const observer = await observe(root, {}, disk);
  const denials = new Denials(disk, join(root, "audit/observer"));
  const door = makeDoor({
    build: "test-build",
    tokens: () => tokens,
    take: (each) => observer.take(each),
    isWritable: () => observer.health({ denied: 0, withoutToken: [] }).writable,
    denied: (denial) => denials.note(denial),
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  close.push(() => door.close());
  const { port } = door.address() as AddressInfo;
  const ask = (path: string, options: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, options);
  const post = (
    body: unknown,
    token = NAS,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    ask("/events", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...(token === "" ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const audited = async (): Promise<AuditLine[]> => {
    await denials.written();
    const folder = join(root, "audit/observer");
    return readdirSync(folder)
      .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"))
      .map((text) => {
        const line = unsealed(text);
        if (!line) throw new Error(`a line of the audit is broken: ${text}`);
        return line;
      });
  };
  return { root, port, ask, post, audited, observer, denials };
}

describe("the Observer's door", () => {
  it("takes a batch of the host whose token it is, and acknowledges it", async () => {
    const { post, root } = await opened();
    const response = await post(batch("nas", 1, [hello, ...alive(2)]));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      version: 1,
      upTo: 3,
      duplicates: 0,
      lookWanted: true,
    });
    expect(linesOnDisk(root).filter(({ host }) => host === "nas")).toHaveLength(3);
  });

  it("refuses no token, a wrong one and another host's, keeps nothing of it, and audits each (S11)", async () => {
    const { post, root, audited } = await opened();
    expect((await post(batch("nas", 1, [hello]), "")).status).toBe(401);
    expect((await post(batch("nas", 1, [hello]), "x".repeat(43))).status).toBe(401);
    expect((await post(batch("nas", 1, [hello]), VPS)).status).toBe(403);
    expect(linesOnDisk(root).filter(({ from }) => from === "host")).toEqual([]);
    expect((await audited()).map(({ reason, host, peer }) => ({ reason, host, peer }))).toEqual([
      { reason: "no token", host: undefined, peer: "127.0.0.1" },
      { reason: "an unknown token", host: undefined, peer: "127.0.0.1" },
      { reason: "it spoke for nas", host: "vps", peer: "127.0.0.1" },
    ]);
  });

  it("writes down whom it turns away without what they brought, and a hundred times once", async () => {
    const { post, audited, root, denials } = await opened();
    for (let turn = 0; turn < 100; turn += 1) await post("{}", "y".repeat(43));
    denials.settle();
    expect(await audited()).toHaveLength(1);
    expect(denials.count).toBe(100);
    const folder = join(root, "audit/observer");
    const text = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
    expect(text).not.toContain("yyyy");
  });

  it("writes an audit that is read as every part's is, without a broken line", async () => {
    const { post, audited, root } = await opened();
    await post(batch("nas", 1, [hello]), "");
    await post(batch("nas", 1, [hello]), VPS);
    const lines = await audited();
    expect(lines.map(({ part, what }) => `${part} ${what}`)).toEqual([
      "observer denied",
      "observer denied",
    ]);
    expect(auditLines(partsDisk, root, "observer")).toEqual({ lines, broken: 0 });
  });

  it("keeps its audit no longer than every part does", async () => {
    const { post, denials, root } = await opened();
    const folder = join(root, "audit/observer");
    for (let day = 0; day < 500; day += 1) {
      const name = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
      partsDisk.write(join(folder, `${name}.jsonl`), "");
    }
    await post(batch("nas", 1, [hello]), "");
    await denials.written();
    expect(readdirSync(folder)).toHaveLength(AUDIT_CAPS.days);
  });

  it("takes no token from the address, and no header for who somebody is (S15, S20)", async () => {
    const { ask, post } = await opened();
    expect((await ask(`/events?token=${NAS}`, { method: "POST" })).status).toBe(404);
    const headers = {
      "X-Forwarded-For": "127.0.0.1",
      "Remote-User": "nas",
      "X-Forwarded-User": "nas",
    };
    expect((await post(batch("nas", 1, [hello]), "", headers)).status).toBe(401);
  });

  it.each(["", "\n", "nas", sum(NAS).slice(1), sum(NAS).toUpperCase(), `${sum(NAS)}\n${sum(VPS)}`])(
    "lets nobody in by a file that holds %j",
    async (text) => {
      const { post } = await opened({ nas: text });
      expect((await post(batch("nas", 1, [hello]))).status).toBe(401);
      expect((await post(batch("nas", 1, [hello]), "")).status).toBe(401);
    },
  );

  it("takes POST and JSON alone, of a bounded size, and says what is wrong without quoting it", async () => {
    const { ask, post } = await opened();
    expect((await ask("/events")).status).toBe(405);
    expect((await post("x", NAS, { "Content-Type": "text/plain" })).status).toBe(415);
    expect((await post("hunter2")).status).toBe(400);
    const wrong = await post({ ...batch("nas", 1, []), stream: "hunter2" });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).not.toContain("hunter2");
    expect((await post(batch("nas", 1, alive(501)))).status).toBe(400);
    expect((await post(`"${"x".repeat(1024 * 1024)}"`)).status).toBe(413);
    expect((await ask("/anything")).status).toBe(404);
  });

  it("refuses what is too long without reading it to its end", async () => {
    const { port } = await opened();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { Authorization: `Bearer ${NAS}`, "Content-Type": "application/json" };
      const sending = request({ port, method: "POST", path: "/events", headers }, (response) =>
        resolve(response.statusCode),
      );
      sending.on("error", reject);
      // Chunk by chunk, without saying how much there will be.
      for (let turn = 0; turn < 20; turn += 1) sending.write(Buffer.alloc(100_000, " "));
    });
    expect(status).toBe(413);
  });

  it("acknowledges nothing while the disk is full, and says on /healthz no more than that", async () => {
    const disk = new ImitatedDisk();
    const { post, ask } = await opened(undefined, disk);
    expect(await (await ask("/healthz")).json()).toEqual({ status: "ok", build: "test-build" });
    disk.isFull = true;
    const response = await post(batch("nas", 1, [hello]));
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await (await ask("/healthz")).json()).toEqual({
      status: "not writing",
      build: "test-build",
    });
    disk.isFull = false;
    expect((await post(batch("nas", 1, [hello]))).status).toBe(200);
  });

  it("lets a host that sends slowly hold up no other (R4)", async () => {
    const { port, post } = await opened();
    const headers = { Authorization: `Bearer ${VPS}`, "Content-Type": "application/json" };
    const slow = [1, 2].map(() => {
      const sending = request({ port, method: "POST", path: "/events", headers });
      sending.on("error", () => undefined);
      sending.write("{");
      return sending;
    });
    expect((await post(batch("nas", 1, [hello]))).status).toBe(200);
    // Of its own it gets no third one in meanwhile.
    await expect.poll(async () => (await post(batch("vps", 1, [hello]), VPS)).status).toBe(429);
    slow.forEach((each) => each.destroy());
    await expect.poll(async () => (await post(batch("vps", 1, [hello]), VPS)).status).toBe(200);
  });
});
