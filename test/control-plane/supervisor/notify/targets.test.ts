import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { smallHome } from "../imitated-home.ts";
import { ImitatedNtfy, TOKEN } from "./imitated-ntfy.ts";
import { toldHome, WAIT } from "./told-home.ts";

const MINUTE = 60;
const DAY = 24 * 3600;

describe("a target", () => {
  it("that is away for ten minutes loses no message, and gets each once and in order", async () => {
    const { pass, home, said, ntfy, waiting, restart, complaints } = await toldHome();
    await ntfy.goes();
    home.becomes("nas/files", "exited");
    pass(2 * MINUTE);
    home.becomes("nas/store", "exited");
    pass(4 * MINUTE);
    restart();
    home.plugIn("nas");
    pass(14 * MINUTE);
    expect(waiting()).toHaveLength(4);
    await vi.waitFor(() => expect(complaints).not.toEqual([]), WAIT);
    await ntfy.comes();
    const told = await said();
    expect(told.slice(0, 2)).toEqual(["began: nas/files exited", "began: nas/store exited"]);
    expect(told.slice(2).sort()).toEqual([
      "ended: nas/files is well again",
      "ended: nas/store is well again",
    ]);
  });

  it("that has enough for now (429) gets the rest later", async () => {
    const { pass, home, said, ntfy } = await toldHome();
    ntfy.burst = 1;
    home.becomes("nas/files", "exited");
    home.becomes("nas/store", "exited");
    pass(2 * MINUTE);
    await vi.waitFor(() => expect(ntfy.statuses).toContain(429), WAIT);
    expect(ntfy.taken).toHaveLength(1);
    ntfy.burst = Infinity;
    expect(await said()).toHaveLength(2);
  });

  it("that refuses the token (401) gets what waited once the right one is there, without a start", async () => {
    const { pass, home, said, ntfy, token, complaints } = await toldHome();
    token("tk_wrong");
    home.becomes("nas/files", "exited");
    pass(2 * MINUTE);
    await vi.waitFor(() => expect(ntfy.statuses.length).toBeGreaterThan(2), WAIT);
    expect(new Set(ntfy.statuses)).toEqual(new Set([401]));
    expect(complaints).toHaveLength(1);
    expect(complaints.join()).not.toContain("tk_");
    token(TOKEN);
    expect(await said()).toHaveLength(1);
  });

  it("that would never take a message is not asked again for it, and gets the next", async () => {
    const { pass, home, said, ntfy, dead } = await toldHome();
    ntfy.instead = 413;
    home.becomes("nas/files", "exited");
    pass(2 * MINUTE);
    expect(await said()).toEqual([]);
    expect(ntfy.statuses).toEqual([413]);
    expect(dead().join()).toContain("status 413");
    ntfy.instead = undefined;
    home.becomes("nas/store", "exited");
    pass(2 * MINUTE);
    expect(await said()).toEqual(["began: nas/store exited"]);
  });

  it("that takes nothing for three days gets no older message, which lies there with the reason", async () => {
    const { pass, home, said, ntfy, dead, waiting } = await toldHome();
    ntfy.instead = 503;
    home.becomes("nas/files", "exited");
    pass(2 * MINUTE);
    home.time += 2 * DAY;
    pass(10);
    await vi.waitFor(() => expect(ntfy.statuses.length).toBeGreaterThan(3), WAIT);
    expect(waiting()).not.toEqual([]);
    expect(dead()).toEqual([]);
    home.time += DAY;
    pass(10);
    await vi.waitFor(() => expect(dead()).not.toEqual([]), WAIT);
    expect(dead()[0]).toContain("status 503");
    ntfy.instead = undefined;
    expect((await said()).join()).not.toContain("nas/files exited");
  });

  it("does not wait for another one that is away", async () => {
    const other = await new ImitatedNtfy().comes();
    const { url } = other;
    await other.goes();
    const { pass, home, said, waiting } = await toldHome(smallHome(), [
      { kind: "webhook", name: "webhook", url },
    ]);
    home.becomes("nas/files", "exited");
    pass(2 * MINUTE);
    expect(await said()).toHaveLength(1);
    expect(waiting("webhook")).toHaveLength(1);
  });

  it("that is a webhook gets the message as JSON, and is not followed elsewhere with it (S19)", async () => {
    const bodies: string[] = [];
    const elsewhere: string[] = [];
    const server = createServer((request, response) => {
      if (request.url !== "/hook") elsewhere.push(request.url ?? "");
      request.on("data", (chunk: Buffer) => bodies.push(chunk.toString("utf8")));
      request.on("end", () => {
        const isFirst = bodies.length === 1;
        response.writeHead(isFirst ? 307 : 204, { Location: "/elsewhere" }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const { pass, home, waiting } = await toldHome(smallHome(), [
      { kind: "webhook", name: "webhook", url },
    ]);
    home.becomes("nas/files", "exited");
    pass(2 * MINUTE);
    await vi.waitFor(() => expect(waiting("webhook")).toEqual([]), WAIT);
    server.close();
    expect(elsewhere).toEqual([]);
    expect(bodies).toHaveLength(2);
    expect(JSON.parse(bodies[1] ?? "")).toMatchObject({
      version: 1,
      kind: "began",
      severity: "warning",
      cause: "nas/files",
      title: "nas/files exited",
    });
  });
});
