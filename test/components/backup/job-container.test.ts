import { describe, expect, it } from "vitest";
import { withJobs } from "../../../components/backup/with-jobs.plan.ts";
import { BACKUP_PROGRAM } from "../../../household/backup.ts";
import type { CopyJob } from "../../../model/copy-job.ts";
import type { HostName } from "../../../model/host-names.ts";
import type { AppService } from "../../../model/declaration.ts";
import { site } from "../../support/site.ts";

const JOB: CopyJob = {
  name: "app-backup",
  stack: "apps",
  networks: ["app-net"],
  repository: "app",
  schedule: "45 2 * * *",
  data: [
    { volume: "app-data", target: "/data/app" },
    { source: "/srv/app", target: "/data/srv" },
  ],
};

const on = (host: HostName) =>
  withJobs(BACKUP_PROGRAM, site, host, {
    type: "homelab:apps:App",
    exposes: {},
    images: [],
    services: [],
    jobs: [JOB],
    volumes: [],
  });
const plan = on("docker-vm");
const [sidecar] = plan.services as [AppService];

function textOf(target: string, { files } = sidecar): string {
  const file = files?.find((item) => item.target === target);
  if (file?.content.kind === "text") return file.content.text;
  if (file?.content.kind === "template") return file.content.template;
  throw new Error(`no text in ${target}`);
}

describe("a backup sidecar", () => {
  it("has the capabilities without which crond starts no job", () => {
    expect(sidecar.capabilities).toEqual(expect.arrayContaining(["SETGID", "SETUID"]));
  });

  it("can read files of other users but never write what it protects", () => {
    expect(sidecar.capabilities).toContain("DAC_OVERRIDE");
    const sources = sidecar.mounts?.filter((mount) => mount.target.startsWith("/data")) ?? [];
    expect(sources).toHaveLength(2);
    for (const mount of sources) expect(mount).toMatchObject({ readOnly: true });
  });

  it("names its repository below the account that the server asks for", () => {
    expect(textOf("/run/secrets/restic-repository")).toBe(
      "rest:http://homelab:{{restic-http-password}}@{{value:restic-address}}/homelab/app/",
    );
  });

  it("of the VPS has an account of its own, and goes over the mesh to a server that it waits for nowhere", () => {
    const vps = on("vps");
    const [service] = vps.services as [AppService];
    expect(textOf("/run/secrets/restic-repository", service)).toBe(
      `rest:http://vps:{{vps-backup-login}}@${site.hosts.nas.mesh}:8000/vps/app/`,
    );
    expect(service.requires).toEqual([]);
    expect(Object.keys(vps.secrets ?? {})).toEqual(["vps-backup-login", "vps-backup-key"]);
  });

  it("brings the image, and the secrets that open its copies", () => {
    expect(plan.images).toEqual([BACKUP_PROGRAM.image]);
    expect(Object.keys(plan.secrets ?? {})).toEqual(["restic-http-password", "restic-password"]);
  });

  it("has no secret in its environment or command", () => {
    expect(Object.keys(sidecar.env ?? {})).toEqual(["TZ"]);
    expect(sidecar.entrypoint).toEqual(["/bin/sh", "/backup-start.sh"]);
  });

  it("runs the job at the declared time, from a crontab that belongs to root", () => {
    expect(textOf("/etc/crontabs/root")).toBe("45 2 * * * /backup.sh\n");
    expect(sidecar.files?.find(({ target }) => target === "/etc/crontabs/root")?.owner).toBe("0:0");
  });

  it("has a job that a person can start by its path", () => {
    expect(sidecar.files?.find(({ target }) => target === "/backup.sh")?.mode).toBe("0555");
  });

  it("keeps its state in a volume of its own", () => {
    expect(plan.volumes).toEqual([expect.objectContaining({ name: "app-backup-state" })]);
    expect(sidecar.mounts).toContainEqual({
      kind: "volume",
      volume: "app-backup-state",
      target: "/state",
    });
  });

  it("starts without the restic server", () => {
    expect(sidecar.requires).toContainEqual(
      expect.objectContaining({ on: "nas/restic-rest", strength: "soft", limit: "30s" }),
    );
  });

  it("declares what it protects", () => {
    expect(sidecar.backup?.protects).toEqual(["app-data", "/srv/app"]);
  });
});
