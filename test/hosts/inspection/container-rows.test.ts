import { describe, expect, it } from "vitest";
import { parseAnswer } from "../../../hosts/inspection/answer.ts";
import { containerRows } from "../../../hosts/inspection/container-rows.ts";
import { answer, container, host, id, service, sonarr, troubles, WELL } from "./well-host.ts";

describe("the checklist of containers", () => {
  it("names a container that is unhealthy with the last output of its check", () => {
    const line = container(sonarr, "b", { health: "unhealthy", output: "curl: (7)\n refused" });
    expect(troubles(answer(line))).toContainEqual(
      expect.objectContaining({
        check: "container sonarr",
        state: "failure",
        seen: "unhealthy: curl: (7) refused",
      }),
    );
  });

  it("names a container that stopped, with its restarts", () => {
    const line = container(sonarr, "b", { status: "exited", restarts: "3" });
    expect(troubles(answer(line))[0]?.seen).toBe("exited after 3 restarts");
  });

  it("names a missing container and the command that makes it", () => {
    const seen = parseAnswer(WELL.filter((line) => !line.includes("/sonarr")).join("\n"));
    expect(troubles(seen)).toEqual([
      {
        check: "container sonarr",
        state: "failure",
        seen: "missing",
        remedy: "pulumi up -s docker-vm",
      },
    ]);
  });

  it("names a container that someone made anew under a name of ours, and how to adopt it", () => {
    const theirs = container(sonarr, "c").replace("homelab.service", "other");
    expect(troubles(answer(theirs))).toEqual([
      expect.objectContaining({
        check: "container sonarr",
        state: "failure",
        remedy: "npx homelab adopt docker-vm sonarr, then pulumi up -s docker-vm",
      }),
    ]);
  });

  it("warns of a container of ours whose deployment was cut short before its gate", () => {
    expect(troubles(answer(container(sonarr, "c")))).toEqual([
      expect.objectContaining({
        check: "container sonarr",
        state: "warning",
        seen: "never went through its gate",
        remedy: "pulumi up -s docker-vm",
      }),
    ]);
  });

  it("warns of a container that runs an older declaration, and of files changed by hand", () => {
    expect(troubles(answer(container(sonarr, "b", { spec: "old" })))[0]?.seen).toBe(
      "runs an older declaration",
    );
    expect(troubles(answer("file jellyfin written-1 changed"))).toEqual([
      expect.objectContaining({ check: "files", seen: "changed by hand or missing: jellyfin" }),
    ]);
  });

  it("leaves containers of others alone, and warns of ones that were ours", () => {
    const other = container(service("minecraft"), "d").replace("homelab.service", "other");
    const left = container(service("old-app"), "e");
    const rows = containerRows(host, answer(other, left));
    expect(rows).toContainEqual(expect.objectContaining({ check: "others", state: "ok" }));
    expect(rows).toContainEqual(
      expect.objectContaining({
        check: "leftovers",
        state: "warning",
        seen: "no longer declared: old-app",
      }),
    );
  });

  it("takes an installer's containers for its own", () => {
    const labels = JSON.stringify({
      "com.docker.compose.project.working_dir": "/data/coolify/source",
    });
    const line = `@container\t/coolify-db\t${id("f")}\trunning\thealthy\t0\t${labels}\t""`;
    expect(containerRows(host, answer(line)).map(({ check }) => check)).toEqual(["containers"]);
  });
});
