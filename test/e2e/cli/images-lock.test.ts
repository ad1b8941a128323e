import { createHash } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { declarationsOf, openProject } from "../../../workspace/project.ts";
import { projectFolder } from "../../cli/support/project-folder.ts";
import { runHomelab, type HomelabRun } from "../../cli/support/run-homelab.ts";

const INDEX = "application/vnd.oci.image.index.v1+json";

let folder: string;
let server: ChildProcess;
let registry: string;
let images: string[];

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** An index without images; a note makes the bytes of each, and so the digest, differ. */
function indexOf(image: string, edition: string): string {
  const annotations = { image, edition };
  return JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [], annotations });
}

/** Every public registry is this computer's: no packet leaves it. */
function redirected(real: typeof fetch): typeof fetch {
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol === "https:") url.protocol = "http:";
    url.host = registry;
    return real(url, init);
  };
}

async function publish(image: string, edition: string): Promise<string> {
  const [path = "", tag = ""] = image.split(/:(?=[^:]*$)/);
  const body = indexOf(image, edition);
  const repository = path.slice(path.indexOf("/") + 1);
  const answer = await fetch(`http://${registry}/v2/${repository}/manifests/${tag}`, {
    method: "PUT",
    headers: { "content-type": INDEX },
    body,
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}

function lock(...words: string[]): Promise<HomelabRun> {
  return runHomelab(["images", "lock", ...words], {
    PULUMI_OPTION_CWD: folder,
    // Nobody's logins go to the registry.
    DOCKER_CONFIG: folder,
  });
}

function locked(): Record<string, string> {
  const text = readFileSync(join(folder, "program", "images.lock.json"), "utf8");
  return (JSON.parse(text) as { images: Record<string, string> }).images;
}

describe("homelab images lock, with a registry of this computer", () => {
  const unpublished = "docker.io/pihole/pihole:2025.04.0";
  const digests = new Map<string, string>();

  beforeAll(async () => {
    folder = projectFolder();
    registry = `127.0.0.1:${await freePort()}`;
    const hosts = declarationsOf(await openProject({ PULUMI_OPTION_CWD: folder }));
    images = [...new Set(hosts.flatMap(({ services }) => services.map(({ image }) => image)))];
    vi.stubGlobal("fetch", redirected(globalThis.fetch));
    writeFileSync(
      join(folder, "registry.yml"),
      `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${join(folder, "registry")}}}\nhttp: {addr: "${registry}"}\n`,
    );
    server = spawn("docker-registry", ["serve", join(folder, "registry.yml")], {
      stdio: "ignore",
    });
    await vi.waitFor(() => fetch(`http://${registry}/v2/`), { timeout: 15_000, interval: 200 });
    for (const image of images.filter((name) => name !== unpublished)) {
      digests.set(image, await publish(image, "first"));
    }
  });

  afterAll(() => {
    vi.unstubAllGlobals();
    server.kill();
  });

  it("keeps what it learnt when one image cannot be asked for, names that one, and exits 1", async () => {
    const run = await lock();
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain(`  ${unpublished}: `);
    expect(locked()).toEqual(Object.fromEntries([...digests].sort(([a], [b]) => (a < b ? -1 : 1))));
  });

  it("asks only for what is missing the next time", async () => {
    digests.set(unpublished, await publish(unpublished, "first"));
    const run = await lock("--json");
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject([{ learnt: [unpublished], failed: [] }]);
  });

  it("keeps a digest although its tag moved, until it is told to update", async () => {
    const image = "docker.io/library/redis:7-alpine";
    const moved = await publish(image, "second");
    await lock();
    expect(locked()[image]).toBe(digests.get(image));
    const run = await lock("--update");
    expect(run.stdout).toContain(`new digest: ${image}`);
    expect(locked()[image]).toBe(moved);
  });
});
