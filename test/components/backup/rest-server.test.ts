import { describe, expect, it } from "vitest";
import { resticAddress, resticRest } from "../../../components/backup/restic/rest-server.plan.ts";
import type { AppService } from "../../../model/declaration.ts";
import { NAS_FOLDERS } from "../../../household/folders.ts";
import { site } from "../../support/site.ts";

const { repositories } = NAS_FOLDERS;

function server(host: "nas" | "vps"): AppService {
  const [service] = resticRest(site, { host, repositories }).services;
  if (service === undefined) throw new Error("no service");
  return service;
}

describe("the restic REST server", () => {
  it.each(["nas", "vps"] as const)("is healthy on the %s when it asks for a login", (host) => {
    expect(server(host).health.test.join(" ")).toContain("401");
  });

  it("gives each account its own repositories and reads the accounts from a file", () => {
    const { command, files } = server("nas");
    expect(command).toContain("--private-repos");
    expect(command?.[command.indexOf("--htpasswd-file") + 1]).toBe(files?.[0]?.target);
    expect(files?.[0]?.content).toEqual({
      kind: "htpasswd",
      users: { homelab: "restic-http-password", vps: "vps-backup-login" },
    });
  });

  it("lets the process, which is root, read the accounts file without DAC_OVERRIDE", () => {
    expect(server("vps").capabilities ?? []).not.toContain("DAC_OVERRIDE");
    expect(server("vps").files?.[0]).toMatchObject({ owner: "0:0", mode: "0400" });
  });

  it("keeps the NAS's repositories in a folder of the host, out of reach of any volume removal", () => {
    const plan = resticRest(site, { host: "nas", repositories });
    expect(plan.volumes).toEqual([]);
    expect(plan.services[0]?.mounts).toContainEqual(
      expect.objectContaining({ kind: "bind", source: "/srv/backup/restic", target: "/data" }),
    );
  });

  it("is reached in the home network on the NAS and in the mesh on the VPS", () => {
    expect(resticAddress(site, "nas")).toBe(`${site.hosts.nas.lan}:8000`);
    expect(server("vps").ports?.[0]?.bind).toBe(site.hosts.vps.mesh);
  });

  it("waits on the VPS for the mesh address it listens on", () => {
    expect(server("vps").requires).toMatchObject([{ on: "gate:mesh", strength: "hard" }]);
  });

  it("uses a password of its own on the VPS", () => {
    expect(server("vps").files?.[0]?.content).toMatchObject({
      users: { homelab: "restic-vps-password" },
    });
  });
});
