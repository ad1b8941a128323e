import { describe, expect, it } from "vitest";
import { projectFolder } from "../support/project-folder.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { digestOf, manifestArgv, reasonIn } from "../../../cli/images/registry.ts";

describe("asking a registry", () => {
  it("reads the manifest byte for byte, with either tool", () => {
    const image = "docker.io/library/redis:7-alpine";
    expect(manifestArgv("skopeo", image)).toEqual([
      "skopeo",
      "inspect",
      "--raw",
      `docker://${image}`,
    ]);
    expect(manifestArgv("docker", image)).toEqual([
      "docker",
      "buildx",
      "imagetools",
      "inspect",
      "--raw",
      image,
    ]);
  });

  it("takes the hash of a manifest's bytes for its digest", () => {
    // The hash of no bytes at all, as FIPS 180-4 gives it.
    expect(digestOf(new Uint8Array())).toBe(
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });

  it("finds the reason in what a tool says", () => {
    const skopeo =
      'time="2026-01-01T00:00:00Z" level=fatal msg="Error parsing image: \\"x\\" unknown"';
    expect(reasonIn(`a warning\n${skopeo}`)).toBe('Error parsing image: "x" unknown');
    expect(reasonIn("ERROR: docker.io/library/none:1: not found")).toBe(
      "docker.io/library/none:1: not found",
    );
    expect(reasonIn("")).toBe("the tool gave no reason");
  });
});

describe("homelab images lock", () => {
  it("names the tools, one of which it needs, when it finds neither", async () => {
    const folder = projectFolder();
    const run = await runHomelab(["images", "lock"], { PULUMI_OPTION_CWD: folder, PATH: folder });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^error HL-REGISTRY-TOOL: .*skopeo.*buildx/);
  });
});
