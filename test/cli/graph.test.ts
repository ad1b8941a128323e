import { describe, expect, it } from "vitest";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { runHomelab } from "./support/run-homelab.ts";

const here = { PULUMI_OPTION_CWD: undefined };

interface GraphJson {
  readonly levels: string[][];
  readonly edges: { from: string; to: string; strength: string }[];
  readonly criticalPath: string[];
  readonly restartOrder: string[];
  readonly breakage: Record<string, { broken: string[]; degraded: string[] }>;
}

/** What it answers of a host, or of all together. */
async function graphOf(...host: readonly string[]): Promise<GraphJson> {
  return JSON.parse((await runHomelab(["graph", ...host, "--json"], here)).stdout) as GraphJson;
}

describe("homelab graph", () => {
  it("puts every node after all it needs, in levels and in the restart order", async () => {
    const { levels, edges, restartOrder } = await graphOf();
    const level = new Map(levels.flatMap((ids, index) => ids.map((id) => [id, index] as const)));
    for (const { from, to } of edges) expect(level.get(from)).toBeGreaterThan(level.get(to) ?? -1);
    const hard = edges.filter(({ strength, to }) => strength === "hard" && !to.includes("/gate:"));
    for (const { from, to } of hard) {
      expect(restartOrder.indexOf(from), `${from} after ${to}`).toBeGreaterThan(
        restartOrder.indexOf(to),
      );
    }
    const declared = declarationsOf(await openProject({})).flatMap(({ services }) => services);
    expect(restartOrder).toHaveLength(declared.length);
  });

  it("restarts Headscale first, what is critical before the rest, and Watchtower last", async () => {
    const { restartOrder } = await graphOf();
    expect(restartOrder[0]).toBe("vps/headscale");
    expect(restartOrder.at(-1)).toBe("docker-vm/watchtower");
    expect(restartOrder.indexOf("docker-vm/vaultwarden")).toBeLessThan(
      restartOrder.indexOf("docker-vm/jellyfin"),
    );
  });

  it("has a critical path along edges that exist", async () => {
    const { criticalPath, edges } = await graphOf("docker-vm");
    expect(criticalPath.length).toBeGreaterThan(2);
    criticalPath.slice(1).forEach((id, index) => {
      expect(edges).toContainEqual(expect.objectContaining({ from: id, to: criticalPath[index] }));
    });
  });

  it("tells what cannot run without Mosquitto", async () => {
    const run = await runHomelab(["graph", "docker-vm", "--without", "mosquitto"], here);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("Without docker-vm/mosquitto\ncannot run:\n");
    for (const name of ["homeassistant", "frigate"])
      expect(run.stdout).toContain(`docker-vm/${name}`);
  });

  it("asks which one is meant when several hosts have a service of that name", async () => {
    const run = await runHomelab(["graph", "--without", "pihole"], here);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("vps/pihole, docker-vm/pihole");
  });

  it("draws soft edges dashed, for Mermaid and for Graphviz", async () => {
    const mermaid = await runHomelab(["graph", "docker-vm", "--format", "mermaid"], here);
    expect(mermaid.stdout).toMatch(/^flowchart LR\n/);
    expect(mermaid.stdout).toContain("docker_vm_mosquitto --> docker_vm_homeassistant");
    expect(mermaid.stdout).toContain("docker_vm_gate_nas_frigate -.-> docker_vm_frigate");
    const dot = await runHomelab(["graph", "docker-vm", "--format", "dot"], here);
    expect(dot.stdout).toContain('"docker-vm/gate:dri" -> "docker-vm/jellyfin" [style=dashed];');
    expect(dot.stdout).toContain('"nas/restic-rest" -> "docker-vm/pihole-backup"');
  });

  it("prints levels, critical path, restart order and what breaks for a person", async () => {
    const { stdout } = await runHomelab(["graph", "vps"], here);
    for (const part of ["LEVEL", "Critical path (", "Restart order after an outage:", "WITHOUT"]) {
      expect(stdout).toContain(part);
    }
  });

  it("exits 2 for a format that does not exist", async () => {
    const run = await runHomelab(["graph", "vps", "--format", "svg"], here);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("text, mermaid, dot, json");
  });
});
