import { afterEach, describe, expect, it } from "vitest";
import { policiesText } from "../../../control-plane/contract/signed-policies.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { policiesPath } from "../../../control-plane/disk/places.ts";
import type { Running } from "../../../control-plane/executor/run.ts";
import { dated } from "../actor/policies.ts";
import { stopped, type Root } from "../imitated-root.ts";
import { servingExecutor } from "../serving-executor.ts";

let running: Running | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function serving(): Promise<{ root: Root; base: string; token: string }> {
  const root = stopped();
  const token = root.token("nas");
  root.token("docker-vm");
  running = await servingExecutor(root);
  return { root, base: `http://127.0.0.1:${running.port}`, token };
}

function bearer(token: string): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}`, "content-type": "application/json" } };
}

describe("the Executor's door", () => {
  it("answers 401 to everybody without a host's token, whatever they ask (S10, S15, S20)", async () => {
    const { root, base, token } = await serving();
    root.approve(root.action("pending"));
    const asked: [string, RequestInit][] = [
      ["/work", {}],
      ["/work", bearer("x".repeat(40))],
      ["/work", bearer("")],
      ["/work", { headers: { authorization: `Basic ${token}` } }],
      ["/work", { headers: { "x-forwarded-user": "nas", "remote-user": "nas" } }],
      [`/work?token=${token}`, {}],
      ["//work", {}],
      ["/policies", {}],
      ["/", {}],
      ["/healthz", { method: "POST" }],
      ["/healthz/", {}],
      [`/work/${root.action("pending").id}/began`, { method: "POST", body: "{}" }],
    ];
    for (const [path, init] of asked) {
      expect((await fetch(base + path, init)).status, path).toBe(401);
    }
    expect(root.audit().filter((what) => what === "denied")).toHaveLength(1);
  });

  it("shows a host what somebody signed that may go without a person, also when that is nothing", async () => {
    const { root, base, token } = await serving();
    const asked = () => fetch(`${base}/policies`, bearer(token));
    expect((await asked()).status).toBe(204);
    const signed = { version: 1, text: policiesText(dated({}, { policies: [] })), armored: "a" };
    disk.write(policiesPath(root.path), JSON.stringify(signed));
    expect(await (await asked()).json()).toEqual(signed);
    disk.write(policiesPath(root.path), "{");
    expect((await asked()).status).toBe(204);
    const posted = await fetch(`${base}/policies`, { ...bearer(token), method: "POST" });
    expect(posted.status).toBe(405);
  });

  it("says that it answers to whoever asks, with not a word more, and writes nothing down of it", async () => {
    const { root, base } = await serving();
    const response = await fetch(`${base}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    expect(root.audit()).toEqual([]);
  });

  it.each(["", "0".repeat(63), "not a sum", `${"0".repeat(64)} x`])(
    "lets nobody in by a token file that is %j (S2)",
    async (text) => {
      const { root, base, token } = await serving();
      disk.write(`${root.path}/tokens/nas`, text);
      expect((await fetch(`${base}/work`, bearer(token))).status).toBe(401);
    },
  );

  it("knows two ways and their methods, and takes nothing but JSON", async () => {
    const { base, token, root } = await serving();
    const { id } = root.action("pending");
    const post = { ...bearer(token), method: "POST", body: "{}" };
    const form = { ...post, headers: { ...bearer(token).headers, "content-type": "text/plain" } };
    const asked: [string, RequestInit, number][] = [
      ["/work", post, 405],
      [`/work/${id}/began`, bearer(token), 405],
      [`/work/${id}/remove`, post, 404],
      ["/work/../work", { ...bearer(token), method: "DELETE" }, 405],
      [`/work/${"0".repeat(31)}x/began`, post, 404],
      [`/work/..%2f..%2fqueue/began`, post, 404],
      [`/work/${id}/began`, form, 415],
      [`/work/${id}/began`, post, 400],
      [`/work/${id}/began`, { ...post, body: "{" }, 400],
      [`/work/${id}/began`, { ...post, body: `"${"x".repeat(70_000)}"` }, 413],
    ];
    for (const [path, init, status] of asked) {
      expect((await fetch(base + path, init)).status, path).toBe(status);
    }
  });

  it("gives work to one of fifty that ask at once with the host's token, and to it alone", async () => {
    const { root, base, token } = await serving();
    root.approve(root.action("pending"));
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => (await fetch(`${base}/work`, bearer(token))).status),
    ).catch(() => []);
    expect(answers.filter((status) => status === 200)).toHaveLength(1);
    expect(root.actions("claimed")).toHaveLength(1);
  });

  it("waits for work, and gives it as soon as it is approved", async () => {
    const { root, base, token } = await serving();
    const asked = fetch(`${base}/work`, bearer(token));
    const other = fetch(`${base}/work`, bearer(`token-of-docker-vm-`.padEnd(40, "0")));
    await new Promise((resolve) => setTimeout(resolve, 100));
    root.approve(root.action("pending"));
    const answer = await asked;
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ version: 1, binding: { verb: "start" } });
    await running?.stop();
    await expect(other).rejects.toThrow();
  });

  it("claims nothing for who has gone", async () => {
    const { root, base, token } = await serving();
    const gone = new AbortController();
    const asked = fetch(`${base}/work`, { ...bearer(token), signal: gone.signal });
    await new Promise((resolve) => setTimeout(resolve, 100));
    gone.abort();
    await expect(asked).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 100));
    root.approve(root.action("pending"));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(root.actions("approved")).toHaveLength(1);
  });
});
