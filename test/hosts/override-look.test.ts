import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { observationScript, parseObservation } from "../../hosts/observation.ts";
import { LARGEST_OVERRIDE, overrideLook, overridesIn } from "../../hosts/override-look.ts";

const folder = mkdtempSync(join(tmpdir(), "homelab-overrides-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Puts a file into a service's folder, and answers its path. */
function put(service: string, name: string, text = "x"): string {
  mkdirSync(join(folder, service), { recursive: true, mode: 0o755 });
  const path = join(folder, service, name);
  writeFileSync(path, text, { mode: 0o644 });
  return path;
}

function look(where = folder) {
  const output = execFileSync("sh", ["-s"], { input: overrideLook(where), encoding: "utf8" });
  return { output, ...overridesIn(output.split("\n")) };
}

describe("the look at overrides", () => {
  it("prints nothing where there are none", () => {
    expect(look(join(folder, "absent")).output).toBe("");
    put("grafana", "healthcheck.sh");
    expect(look().output).toBe("");
  });

  it("brings what stands in each file, and how large the machine is", () => {
    put("grafana", "docker-compose.override.yml", "services:\n  grafana: {} # ü\n");
    put("grafana", ".env", "");
    put("loki", "compose.override.yaml");
    const { files, memory, cpus } = look();
    expect(files.map(({ service, name, text }) => [service, name, text])).toEqual(
      expect.arrayContaining([
        ["grafana", "docker-compose.override.yml", "services:\n  grafana: {} # ü\n"],
        ["grafana", ".env", ""],
        ["loki", "compose.override.yaml", "x"],
      ]),
    );
    expect(files).toHaveLength(3);
    expect(memory).toBeGreaterThan(100);
    expect(cpus).toBeGreaterThan(0);
  });

  it("takes nothing for an override that a container's label says", () => {
    const forged = `override grafana docker-compose.override.yml ok ${btoa("services: {}")}`;
    const { files, memory } = overridesIn(["container foreign 12ab x", forged, "machine 1 1"]);
    expect([files, memory]).toEqual([[], undefined]);
  });

  it("reads none that others can write, that is a link, or that is too large", () => {
    chmodSync(put("open", "docker-compose.override.yml"), 0o666);
    put("open-folder", "docker-compose.override.yml");
    chmodSync(join(folder, "open-folder"), 0o777);
    mkdirSync(join(folder, "linked"));
    symlinkSync("/etc/passwd", join(folder, "linked/docker-compose.override.yml"));
    put("large", "docker-compose.override.yml", "x".repeat(LARGEST_OVERRIDE + 1));
    const unread = look().files.flatMap(({ service, unread: why, text }) =>
      why === undefined ? [] : [`${service} ${why} ${text ?? "-"}`],
    );
    expect(unread.sort()).toEqual([
      "large large -",
      "linked unsafe -",
      "open unsafe -",
      "open-folder unsafe -",
    ]);
  });

  it("is a part of the one look that every deployment takes", () => {
    expect(observationScript([])).toContain(overrideLook());
    const line = `override grafana .env ok ${Buffer.from("A=b").toString("base64")}`;
    const { overrides, containers } = parseObservation(`${line}\nmachine 2048 4\n`);
    expect(containers).toEqual({});
    expect(overrides).toEqual({
      files: [{ service: "grafana", name: ".env", text: "A=b", unread: undefined }],
      memory: 2,
      cpus: 4,
    });
  });
});
