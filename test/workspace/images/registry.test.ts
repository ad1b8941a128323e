import { afterEach, describe, expect, it } from "vitest";
import type { Credentials } from "../../../workspace/images/credentials.ts";
import { manifestAddress } from "../../../workspace/images/registry-address.ts";
import { digestOf, registryClient, type DigestAnswer } from "../../../workspace/images/registry.ts";
import { imitateRegistry, type Answer, type ImitatedRegistry } from "./imitated-registry.ts";

const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = '{"schemaVersion":2,\n "manifests":[]}\n';
const DIGEST = digestOf(Buffer.from(MANIFEST));
const NOBODY: Credentials = {
  basicFor: () => Promise.resolve(undefined),
  keptBy: () => undefined,
};

let registry: ImitatedRegistry | undefined;

afterEach(() => registry?.close());

const found = (body = MANIFEST, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  headers: { "content-type": INDEX, ...headers },
  body,
});

/** Asks an imitation for one image, without waiting between tries. */
async function ask(
  answer: (line: string, tries: number) => Answer | undefined,
  { credentials = NOBODY, image = "library/redis:7-alpine" } = {},
): Promise<DigestAnswer & { readonly waits: number[] }> {
  const waits: number[] = [];
  registry = await imitateRegistry((line) => answer(line, registry?.requests.length ?? 0));
  const client = registryClient(credentials, (seconds) => Promise.resolve(waits.push(seconds)));
  return { ...(await client.digest(`${registry.name}/${image}`)), waits };
}

/** A registry that wants a token, which it gives itself. */
function withTokens(line: string, authorization: string | undefined): Answer {
  if (line.startsWith("GET /token")) return { status: 200, body: '{"token":"for-a-while"}' };
  if (authorization === "Bearer for-a-while") return found();
  const realm = `http://${registry?.name ?? ""}/token`;
  return {
    status: 401,
    headers: {
      "www-authenticate": `Bearer realm="${realm}",service="the one",scope="repository:library/redis:pull"`,
    },
  };
}

describe("where a manifest is asked for", () => {
  it("is Docker Hub's API for docker.io, and the registry itself for all others", () => {
    expect(manifestAddress("docker.io/library/redis:7-alpine")).toEqual({
      registry: "docker.io",
      origin: "https://registry-1.docker.io",
      repository: "library/redis",
      tag: "7-alpine",
    });
    expect(manifestAddress("ghcr.io/a/b:1").origin).toBe("https://ghcr.io");
  });

  it("is unencrypted on this computer alone", () => {
    expect(manifestAddress("localhost:5000/a:1").origin).toBe("http://localhost:5000");
    expect(manifestAddress("127.0.0.1:5000/a:1").origin).toBe("http://127.0.0.1:5000");
    expect(manifestAddress("192.0.2.12:5000/a:1").origin).toBe("https://192.0.2.12:5000");
    expect(manifestAddress("localhost.example/a:1").origin).toBe("https://localhost.example");
  });
});

describe("the digest of an image", () => {
  it("is the hash of the manifest's bytes", async () => {
    // The hash of no bytes at all, as FIPS 180-4 gives it.
    expect(digestOf(new Uint8Array())).toBe(
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    const answer = await ask(() => found(MANIFEST, { "docker-content-digest": DIGEST }));
    expect(answer).toEqual({ digest: DIGEST, waits: [] });
    expect(registry?.requests[0]?.line).toBe("GET /v2/library/redis/manifests/7-alpine");
  });

  it("is not learnt from bytes that are not those the registry announces", async () => {
    const answer = await ask(() => found("{}", { "docker-content-digest": DIGEST }));
    expect(answer).toMatchObject({ problem: expect.stringContaining("came damaged") as string });
  });

  it("is not learnt from a page that is no manifest", async () => {
    const answer = await ask(() => found("<html>", { "content-type": "text/html; charset=utf-8" }));
    expect(answer).toMatchObject({ problem: 'the answer is no image manifest, but "text/html"' });
  });

  it("is asked for with a token where the registry wants one", async () => {
    registry = await imitateRegistry((line, request) =>
      withTokens(line, request.headers.authorization),
    );
    const answer = await registryClient(NOBODY).digest(`${registry.name}/library/redis:7-alpine`);
    expect(answer).toEqual({ digest: DIGEST });
    const token = new URL(registry.requests[1]?.line.slice(4) ?? "", "http://registry");
    expect(Object.fromEntries(token.searchParams)).toEqual({
      service: "the one",
      scope: "repository:library/redis:pull",
    });
    expect(registry.requests[1]?.authorization).toBeUndefined();
  });

  it("is asked for with the login of `docker login`, which goes to the token service alone", async () => {
    const credentials = { ...NOBODY, basicFor: () => Promise.resolve("Basic bWU6Y2FuYXJ5") };
    registry = await imitateRegistry((line, request) =>
      withTokens(line, request.headers.authorization),
    );
    await registryClient(credentials).digest(`${registry.name}/library/redis:7-alpine`);
    expect(registry.requests.map(({ authorization }) => authorization)).toEqual([
      undefined,
      "Basic bWU6Y2FuYXJ5",
      "Bearer for-a-while",
    ]);
  });

  it("is not asked for with a login that would travel unencrypted", async () => {
    const credentials = { ...NOBODY, basicFor: () => Promise.resolve("Basic bWU6Y2FuYXJ5") };
    const challenge = { "www-authenticate": 'Bearer realm="http://login.example/token"' };
    const answer = await ask(() => ({ status: 401, headers: challenge }), { credentials });
    expect(answer).toMatchObject({
      problem: expect.stringContaining("login.example unencrypted") as string,
    });
  });
});

describe("a registry that does not answer as wished", () => {
  it("is asked again after a lost connection and after an error of its own", async () => {
    const answer = await ask((_line, tries) =>
      tries === 1 ? undefined : tries === 2 ? { status: 503 } : found(),
    );
    expect(answer).toEqual({ digest: DIGEST, waits: [1, 3] });
  });

  it("is given up after four tries, with its last answer", async () => {
    const answer = await ask(() => ({ status: 502 }));
    expect(answer).toMatchObject({
      problem: `${registry?.name ?? ""} answers 502, in 4 tries; try again later`,
      waits: [1, 3, 9],
    });
  });

  it("says that an image is not there, and is not asked twice", async () => {
    const answer = await ask(() => ({ status: 404 }));
    expect(answer).toMatchObject({
      problem: `${registry?.name ?? ""} has no library/redis:7-alpine (404)`,
    });
    expect(registry?.requests).toHaveLength(1);
  });

  it.each([401, 403])("says with %i how to log in", async (status) => {
    const answer = await ask(() => ({ status }));
    expect(answer).toMatchObject({
      problem: expect.stringMatching(
        /lets nobody read library\/redis .*`docker login 127/,
      ) as string,
    });
  });

  it("says which program gives no login", async () => {
    const answer = await ask(() => ({ status: 401 }), {
      credentials: { ...NOBODY, keptBy: () => "desktop" },
    });
    expect(answer).toMatchObject({
      problem: expect.stringContaining('"docker-credential-desktop"') as string,
    });
  });

  it("is waited for when it wants a short pause", async () => {
    const answer = await ask((_line, tries) =>
      tries === 1 ? { status: 429, headers: { "retry-after": "7" } } : found(),
    );
    expect(answer).toEqual({ digest: DIGEST, waits: [7] });
  });

  it.each([
    [{ "retry-after": "5400" }, "try again in 90 min"],
    [{ "ratelimit-limit": "100;w=21600" }, "it allows 100 images in 6 h"],
    [{}, "try again in an hour"],
  ])("says when to try again when it was asked too often (%o)", async (headers, words) => {
    const answer = await ask(() => ({ status: 429, headers }));
    expect(answer).toMatchObject({ problem: expect.stringContaining(words) as string, waits: [] });
  });

  it("is left alone for the rest of the run once it was asked too often", async () => {
    registry = await imitateRegistry(() => ({ status: 429 }));
    const client = registryClient(NOBODY);
    const first = await client.digest(`${registry.name}/library/redis:7-alpine`);
    expect(await client.digest(`${registry.name}/library/nginx:1`)).toEqual(first);
    expect(registry.requests).toHaveLength(1);
  });
});

describe("the tags of a repository", () => {
  it("are not asked for at another address that the registry names, where its token would go", async () => {
    registry = await imitateRegistry(() => ({
      status: 200,
      headers: { link: '<https://elsewhere.example/v2/a/tags/list?last=1>; rel="next"' },
      body: '{"tags":["1"]}',
    }));
    const answer = await registryClient(NOBODY).tags(`${registry.name}/library/redis:7`);
    expect(answer).toMatchObject({
      problem: expect.stringContaining("elsewhere.example") as string,
    });
    expect(registry.requests).toHaveLength(1);
  });

  it("are given up when the list does not end", async () => {
    registry = await imitateRegistry((line) => ({
      status: 200,
      headers: { link: `<${line.slice("GET ".length)}>; rel="next"` },
      body: '{"tags":["1"]}',
    }));
    const answer = await registryClient(NOBODY).tags(`${registry.name}/library/redis:7`);
    expect(answer).toMatchObject({ problem: expect.stringContaining("does not end") as string });
  });
});

describe("when an image was built", () => {
  it("is not believed of other bytes than those that were asked for by their digest", async () => {
    const other = `sha256:${"0".repeat(64)}`;
    registry = await imitateRegistry(() => found('{"annotations":{}}'));
    const answer = await registryClient(NOBODY).created(`${registry.name}/library/redis:7`, other);
    expect(answer).toMatchObject({ problem: expect.stringContaining("is not it") as string });
  });
});
