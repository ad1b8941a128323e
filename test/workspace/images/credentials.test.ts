import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dockerCredentials } from "../../../workspace/images/credentials.ts";

function reading(config?: string) {
  const folder = mkdtempSync(join(tmpdir(), "homelab-docker-config-"));
  if (config !== undefined) writeFileSync(join(folder, "config.json"), config);
  return dockerCredentials({ DOCKER_CONFIG: folder });
}

/** Puts a program that keeps logins on the path, in docker's protocol; it notes what it is asked. */
async function keptBy(name: string, config: object, answers: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "homelab-docker-helper-"));
  const cases = Object.entries(answers).map(([key, said]) => `${key}) echo '${said}' ;;`);
  const program = join(folder, `docker-credential-${name}`);
  writeFileSync(
    program,
    `#!/bin/sh\n[ "$1" = get ] || exit 2\nread -r key || [ -n "$key" ]\necho "$key" >> "${folder}/asked"\n` +
      `case $key in\n${cases.join("\n")}\n*) echo "credentials not found"; exit 1 ;;\nesac\n`,
  );
  chmodSync(program, 0o755);
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const PATH = `${folder}:${process.env["PATH"] ?? ""}`;
  const logins = await dockerCredentials({ DOCKER_CONFIG: folder, PATH });
  const asked = () => readFileSync(join(folder, "asked"), "utf8").trim().split("\n");
  return { logins, asked };
}

const login = (Username: string, Secret: string): string => JSON.stringify({ Username, Secret });
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString("base64")}`;

describe("logins at registries", () => {
  it("are none where docker has no config", async () => {
    expect(await (await reading()).basicFor("docker.io")).toBeUndefined();
  });

  it("are those of `docker login`, Docker Hub's under its old address", async () => {
    const auths = {
      "https://index.docker.io/v1/": { auth: "aHVi" },
      "ghcr.io": { auth: "Z2hjcg==" },
      "quay.io": {},
    };
    const { basicFor, keptBy } = await reading(JSON.stringify({ auths }));
    expect(await basicFor("docker.io")).toBe("Basic aHVi");
    expect(await basicFor("ghcr.io")).toBe("Basic Z2hjcg==");
    expect(await basicFor("quay.io")).toBeUndefined();
    expect(keptBy("docker.io")).toBeUndefined();
  });

  it("are asked of the program that keeps them, once, with Docker Hub's under its old address", async () => {
    const config = { credsStore: "chain", credHelpers: { "ghcr.io": "other" } };
    const { logins, asked } = await keptBy("chain", config, {
      "https://index.docker.io/v1/": login("ann", "pass:word"),
    });
    expect(logins.keptBy("docker.io")).toBe("chain");
    expect(logins.keptBy("ghcr.io")).toBe("other");
    expect(await logins.basicFor("docker.io")).toBe(basic("ann:pass:word"));
    expect(await logins.basicFor("docker.io")).toBe(basic("ann:pass:word"));
    expect(asked()).toEqual(["https://index.docker.io/v1/"]);
  });

  it("are none where that program has none, is missing, or has a token that is no password", async () => {
    const config = { credsStore: "chain", credHelpers: { "ghcr.io": "missing" } };
    const { logins } = await keptBy("chain", config, { "reg.example": login("<token>", "canary") });
    expect(await logins.basicFor("quay.io")).toBeUndefined();
    expect(await logins.basicFor("ghcr.io")).toBeUndefined();
    expect(await logins.basicFor("reg.example")).toBeUndefined();
  });

  it("are those of the file where the program has none", async () => {
    const config = {
      credsStore: "chain",
      auths: { "ghcr.io": { auth: "Z2hjcg==" }, "quay.io": {} },
    };
    const { logins } = await keptBy("chain", config, { "quay.io": login("bob", "secret") });
    expect(await logins.basicFor("ghcr.io")).toBe("Basic Z2hjcg==");
    expect(await logins.basicFor("quay.io")).toBe(basic("bob:secret"));
  });

  it("are refused where the file is damaged, without a word of what it holds", async () => {
    const damaged = reading('{"auths": {"ghcr.io": "canary-secret"}}');
    await expect(damaged).rejects.toThrow(/config\.json" is not what docker writes/);
    await expect(damaged).rejects.not.toThrow(/canary/);
  });
});
