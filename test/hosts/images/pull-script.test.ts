import { createServer, type Server } from "node:http";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { execa } from "execa";
import { afterEach, describe, expect, it } from "vitest";
import {
  pullMissingScript,
  pullScript,
  pullStateIn,
  type WantedImage,
} from "../../../hosts/images/pull-script.ts";
import { TEXT_OF } from "../../../hosts/images/pull-text.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const digest = `sha256:${"a".repeat(64)}`;

/** What an engine is asked for the one image that it has. */
const PRESENT = `/images/docker.io/library/present@${digest}/json`;

interface Answer {
  readonly status: number;
  readonly lines: readonly unknown[];
  /** Whether the engine says these and then nothing any more. */
  readonly isEndless?: boolean;
}

/** An engine that answers each pull so; what it was asked is kept. */
async function engineThat(answers: (name: string | null) => Answer) {
  const socket = join(mkdtempSync(join(tmpdir(), "homelab-engine-")), "docker.sock");
  const asked: { name: string | null; tag: string | null; auth: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://engine");
    if (request.method === "GET") {
      response.writeHead(request.url === PRESENT ? 200 : 404).end();
      return;
    }
    const name = searchParams.get("fromImage");
    const auth = request.headers["x-registry-auth"]?.toString();
    asked.push({ name, tag: searchParams.get("tag"), auth });
    const { status, lines, isEndless } = answers(name);
    response.writeHead(status);
    // In pieces that end nowhere.
    const text = lines.map((line) => JSON.stringify(line)).join("\r\n");
    response.write(text.slice(0, 7));
    if (isEndless) response.write(text.slice(7));
    else response.end(text.slice(7));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { socket, asked };
}

/** The last state that the script says, run by this computer's Node.js on that engine. */
async function statesOf(socket: string, wanted: readonly WantedImage[]) {
  const input = pullScript(wanted).replace("/var/run/docker.sock", socket);
  const { stdout } = await execa("sh", ["-s"], { input });
  return pullStateIn(stdout.split("\n").at(-1) ?? "")?.images;
}

const caddy: WantedImage = { name: "docker.io/library/caddy", digest, auth: null };
const layer = (id: string, status: string, current?: number, total?: number) => ({
  id,
  status,
  progressDetail: total === undefined ? {} : { current, total },
});

describe("the script that has a host pull images", { timeout: 60_000 }, () => {
  it("asks for the digest with the login, and adds up the bytes of the layers that it knows", async () => {
    const { socket, asked } = await engineThat(() => ({
      status: 200,
      lines: [
        { status: "Pulling from library/caddy", id: digest },
        layer("one", "Already exists"),
        layer("two", "Downloading", 10, 100),
        layer("three", "Downloading", 30, 50),
        layer("two", "Download complete"),
        layer("two", "Extracting", 3, 100),
      ],
    }));
    const states = await statesOf(socket, [{ ...caddy, auth: "login" }]);
    expect(states).toEqual([{ state: "there", done: 130, total: 150, why: null }]);
    expect(asked).toEqual([{ name: caddy.name, tag: digest, auth: "login" }]);
  });

  it("says of an image that cannot be pulled why, and pulls the others", async () => {
    const { socket } = await engineThat((name) => {
      if (name === "gone") return { status: 404, lines: [{ message: "no such repository" }] };
      if (name === "torn") return { status: 200, lines: [{ error: "unexpected EOF" }] };
      return { status: 200, lines: [{ status: "Status: Downloaded newer image" }] };
    });
    const wanted = ["gone", "torn", "a", "b", "c"].map((name) => ({ ...caddy, name }));
    const states = await statesOf(socket, wanted);
    expect(states?.map(({ state, why }) => why ?? state)).toEqual([
      "no such repository",
      "unexpected EOF",
      ...["there", "there", "there"],
    ]);
  });

  it("makes one short line of whatever a registry or a proxy in between says, with nothing a terminal obeys", async () => {
    const message = `no\n\u001b[2J<html>${"x".repeat(50_000)}`;
    const { socket } = await engineThat(() => ({ status: 500, lines: [{ message }] }));
    const states = await statesOf(socket, [caddy]);
    expect(states?.[0]?.why).toMatch(/^no \[2J<html>x{100,400}$/);
  });

  it("says so where there is no engine", async () => {
    const states = await statesOf("/nowhere/docker.sock", [caddy]);
    expect(states).toMatchObject([
      { state: "failed", why: expect.stringContaining("ENOENT") as string },
    ]);
  });

  it("gives up an image of which nothing comes any more, and pulls the next", async () => {
    const { socket } = await engineThat((name) =>
      name === "stuck"
        ? { status: 200, lines: [layer("one", "Downloading", 10, 100)], isEndless: true }
        : { status: 200, lines: [] },
    );
    const wanted = ["stuck", "a"].map((name) => ({ ...caddy, name }));
    const input = pullScript(wanted)
      .replace("/var/run/docker.sock", socket)
      .replace("SILENT_MS = 1800000", "SILENT_MS = 300");
    const { stdout } = await execa("sh", ["-s"], { input, timeout: 20_000 });
    expect(pullStateIn(stdout.split("\n").at(-1) ?? "")?.images).toMatchObject([
      { state: "failed", why: "nothing came of it for 30 minutes" },
      { state: "there" },
    ]);
  });

  it("keeps a login off every command line", () => {
    const text = pullScript([{ ...caddy, auth: "canary" }]);
    expect(text.split("\n")[0]).toBe("node --input-type=module - <<'PROGRAM'");
    expect(text.split("\n")[1]).toContain("canary");
  });
});

describe("the script that has a host pull what it lacks", { timeout: 60_000 }, () => {
  const present = { ...caddy, name: "docker.io/library/present" };
  const run = (socket: string, wanted: readonly WantedImage[]) =>
    execa("sh", ["-s"], {
      input: pullMissingScript(wanted).replace("/var/run/docker.sock", socket),
    });
  const pulled = { status: 200, lines: [layer("one", "Downloading", 10, 100)] };

  it("pulls nothing and says nothing where all is there", async () => {
    const { socket, asked } = await engineThat(() => pulled);
    expect(await run(socket, [present])).toMatchObject({ stdout: "", stderr: "" });
    expect(asked).toEqual([]);
  });

  it("pulls the others and says how far it came, and which cannot be had, by digest", async () => {
    const { socket, asked } = await engineThat((name) =>
      name === "gone" ? { status: 404, lines: [{ message: "no such\nrepository" }] } : pulled,
    );
    const other = `sha256:${"b".repeat(64)}`;
    const wanted = [present, caddy, { ...caddy, name: "gone", digest: other }];
    const { stdout, stderr } = await run(socket, wanted);
    expect(stdout).toBe(`failed ${other} no such repository`);
    expect(stderr).toBe("images: 1 of 2 images, 1 kB of 1 kB, 1 cannot be pulled");
    expect(asked.map(({ name }) => name).sort()).toEqual([caddy.name, "gone"]);
  });
});

describe("what is said of images on their way", () => {
  const pullText = runInNewContext(`${TEXT_OF}; textOf`) as (
    images: readonly object[],
    seconds: number,
  ) => string;
  const state = { state: "pulls", done: 0, total: 0, why: null } as const;

  it("has how many are there, bytes, and about how long the rest takes", () => {
    const states = [
      { ...state, done: 60e6, total: 180e6 },
      { ...state, state: "there", done: 20e6, total: 20e6 } as const,
    ];
    expect(pullText(states, 10)).toBe("1 of 2 images, 80 MB of 200 MB, about 15 s left");
  });

  it("says no time before anybody can, nor bytes while none are known, and names failures", () => {
    expect(pullText([{ ...state, done: 1, total: 5e5 }], 1)).toBe("0 of 1 image, 1 kB of 500 kB");
    const failed = { ...state, state: "failed", why: "no" } as const;
    expect(pullText([state, failed], 60)).toBe("0 of 2 images, 1 cannot be pulled");
    expect(pullText([{ ...state, total: 12.34e9 }], 0)).toBe("0 of 1 image, 0 kB of 12.3 GB");
  });
});
