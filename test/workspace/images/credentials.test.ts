import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dockerCredentials } from "../../../workspace/images/credentials.ts";

function reading(config?: string) {
  const folder = mkdtempSync(join(tmpdir(), "homelab-docker-config-"));
  if (config !== undefined) writeFileSync(join(folder, "config.json"), config);
  return dockerCredentials({ DOCKER_CONFIG: folder });
}

describe("logins at registries", () => {
  it("are none where docker has no config", async () => {
    expect((await reading()).basicFor("docker.io")).toBeUndefined();
  });

  it("are those of `docker login`, Docker Hub's under its old address", async () => {
    const auths = {
      "https://index.docker.io/v1/": { auth: "aHVi" },
      "ghcr.io": { auth: "Z2hjcg==" },
      "quay.io": {},
    };
    const { basicFor, keptElsewhere } = await reading(JSON.stringify({ auths }));
    expect(basicFor("docker.io")).toBe("Basic aHVi");
    expect(basicFor("ghcr.io")).toBe("Basic Z2hjcg==");
    expect(basicFor("quay.io")).toBeUndefined();
    expect(keptElsewhere).toBeUndefined();
  });

  it("are named as kept elsewhere where a program has them", async () => {
    expect((await reading('{"credsStore": "desktop"}')).keptElsewhere).toBe("desktop");
  });

  it("are refused where the file is damaged, without a word of what it holds", async () => {
    const damaged = reading('{"auths": {"ghcr.io": "canary-secret"}}');
    await expect(damaged).rejects.toThrow(/config\.json" is not what docker writes/);
    await expect(damaged).rejects.not.toThrow(/canary/);
  });
});
