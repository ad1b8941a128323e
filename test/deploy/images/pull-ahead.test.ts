import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pullAhead, wantedImage } from "../../../deploy/images/pull.ts";

/** A host is what is run for its first look, <folder>/<host>.look, and for its pull, <host>.pull. */
const SSH = `#!/bin/sh
here=$(dirname "$0")
for word; do [ "$word" = sh ] && break; host=$word; done
script=$(cat)
echo; echo homelab-connected
case $script in *"image ls"*) . "$here/$host.look" ;; *) . "$here/$host.pull" ;; esac
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "homelab-pull-"));
  writeFileSync(join(folder, "ssh"), SSH);
  chmodSync(join(folder, "ssh"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"] ?? ""}`);
  vi.stubEnv("DOCKER_CONFIG", join(folder, "docker"));
});
afterEach(() => vi.unstubAllEnvs());

function host(name: string, look: string, pull = "exit 1"): void {
  writeFileSync(join(folder, `${name}.look`), look);
  writeFileSync(join(folder, `${name}.pull`), pull);
}

const images = new Map([["docker.io/library/caddy:2", `sha256:${"a".repeat(64)}`]]);
const begin = (names: readonly string[], interrupted = new AbortController()) =>
  pullAhead(
    names.map((name) => ({ host: name, images })),
    () => undefined,
    interrupted.signal,
  );

describe("all hosts that pull at once", { timeout: 60_000 }, () => {
  it("end when nobody wants them any more while they still say what they have", async () => {
    host("nas", `touch "$here/asked"; while [ ! -e "$here/go" ]; do sleep 0.1; done`, "sleep 600");
    const pulling = begin(["nas"]);
    await vi.waitUntil(() => existsSync(join(folder, "asked")), { timeout: 50_000 });
    const stopped = pulling.stop();
    writeFileSync(join(folder, "go"), "");
    await stopped;
    expect((await pulling.of("nas")).text).toBe("ended before all were there");
  });

  it("call no image one that cannot be pulled because a person ended it", async () => {
    host("nas", "echo other", `touch "$here/pulls"; sleep 600`);
    const interrupted = new AbortController();
    const pulling = begin(["nas"], interrupted);
    await vi.waitUntil(() => existsSync(join(folder, "pulls")), { timeout: 50_000 });
    interrupted.abort();
    expect((await pulling.of("nas")).failed).toEqual(new Map());
  });

  it("are all done before the first of them is touched", async () => {
    host("vps", `echo ${images.values().next().value}`);
    host("nas", `sleep 2; touch "$here/done"; echo ${images.values().next().value}`);
    expect((await begin(["vps", "nas"]).of("vps")).text).toBe("all 1 there");
    expect(existsSync(join(folder, "done"))).toBe(true);
  });

  it("say that the logins here cannot be read, and end nothing else by it", async () => {
    host("nas", "echo other");
    mkdirSync(join(folder, "docker"));
    writeFileSync(join(folder, "docker", "config.json"), "");
    const pulling = begin(["nas"]);
    expect((await pulling.of("nas")).text).toMatch(/^none was pulled \(.*config\.json/);
    await pulling.stop();
  });
});

describe("an image as the engine's API names it", () => {
  const digest = `sha256:${"a".repeat(64)}`;

  it("has no tag, its registry's login and not another's, and keeps a port", async () => {
    const basic = `Basic ${Buffer.from("ann:pass:word").toString("base64")}`;
    const logins = {
      basicFor: (registry: string) =>
        Promise.resolve(registry === "reg.example:5000" ? basic : undefined),
      keptBy: () => undefined,
    };
    const own = await wantedImage("reg.example:5000/home/app:1.2", digest, logins);
    expect(own.name).toBe("reg.example:5000/home/app");
    expect(JSON.parse(Buffer.from(own.auth ?? "", "base64url").toString())).toEqual({
      username: "ann",
      password: "pass:word",
      serveraddress: "reg.example:5000",
    });
    expect(await wantedImage("docker.io/library/caddy:2", digest, logins)).toEqual({
      name: "docker.io/library/caddy",
      digest,
      auth: null,
    });
  });
});
