import { beforeEach, describe, expect, it } from "vitest";
import { noteRestored } from "../../../components/backup/data-history.ts";
import { GuardedHost, hoursAgo, keeper } from "./data-guard-room.ts";

const OLD = "ghcr.io/immich-app/immich-server:v2.5.0";
const NEW = "ghcr.io/immich-app/immich-server:v2.6.1";
const POSTGRES = { olderOpens: "same-major", newerOpens: false } as const;

let host: GuardedHost;
beforeEach(() => {
  host = new GuardedHost();
});

describe("the first deployment of a host", () => {
  it("has nothing to copy, and notes who may write from now on", () => {
    const { exitCode, stdout } = host.deploy(keeper("app", OLD));
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect(host.recorded("app")).toEqual([`image ${OLD}`]);
    expect(host.copies()).toBe(0);
  });
});

describe("a host on which nobody keeps data", () => {
  it("has a step that does nothing", () => {
    expect(host.deploy().exitCode).toBe(0);
    expect(host.look().stdout).toBe("");
  });
});

describe("a deployment that changes no image", () => {
  it("copies nothing, and notes of a running container what it was made from", () => {
    host.container("app", NEW, hoursAgo(100));
    expect(host.deploy(keeper("app", NEW)).exitCode).toBe(0);
    expect(host.recorded("app")).toEqual([`image ${NEW}`]);
    expect(host.deploy(keeper("app", NEW)).exitCode).toBe(0);
    expect(host.recorded("app")).toEqual([`image ${NEW}`]);
    expect(host.copies()).toBe(0);
    expect(host.look(keeper("app", NEW)).stdout).toBe("");
  });
});

describe("a service whose image changes", () => {
  beforeEach(() => {
    host.container("app", OLD, hoursAgo(100));
  });

  it("is copied first where the newest copy is too old, and the snapshot is kept apart", () => {
    host.receipt("ok", hoursAgo(5), "cccc2222");
    const { exitCode, stdout } = host.deploy(keeper("app", NEW));
    expect([exitCode, stdout]).toEqual([0, "copying before app changes: app-backup"]);
    expect(host.copies()).toBe(1);
    expect(host.recorded("app")).toEqual([
      `image ${OLD}`,
      "copy app-backup bbbb1111",
      `image ${NEW}`,
    ]);
  });

  it("is not copied again where there is a copy that is young enough", () => {
    host.receipt("ok", hoursAgo(0.5), "cccc2222");
    expect(host.deploy(keeper("app", NEW)).exitCode).toBe(0);
    expect(host.copies()).toBe(0);
    expect(host.recorded("app")).toContain("copy app-backup bbbb2222");
  });

  it("is copied when the young copy is of what an earlier image wrote", () => {
    host.container("app", OLD, hoursAgo(0.2));
    host.receipt("ok", hoursAgo(0.5), "cccc2222");
    host.deploy(keeper("app", NEW));
    expect(host.copies()).toBe(1);
  });

  it("shares one copy with another that the same sidecar copies", () => {
    host.container("other", OLD, hoursAgo(100));
    expect(host.deploy(keeper("app", NEW), keeper("other", NEW)).exitCode).toBe(0);
    expect(host.copies()).toBe(1);
    expect(host.recorded("other")).toContain("copy app-backup bbbb1111");
  });

  it("waits for a run of the job that is under way", () => {
    host.job(75, "ok");
    expect(host.deploy(keeper("app", NEW)).exitCode).toBe(0);
    expect(host.recorded("app")).toContain("copy app-backup bbbb1111");
  });

  it("stays what it is when no copy can be made, and the message says why and what to do", () => {
    host.job(1, "failed", "the repository cannot be opened");
    const { exitCode, stderr } = host.deploy(keeper("app", NEW));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "app on docker-vm stays what it is: there has to be a copy before its image changes, and app-backup made none (the repository cannot be opened); look with `ssh docker-vm docker logs app-backup`, then `pulumi up -s docker-vm`",
    );
    expect(host.recorded("app")).toEqual([]);
    expect(host.copies()).toBe(1);
  });

  it("stays what it is when the sidecar was stopped or removed", () => {
    host.room.file("/running/app-backup", "false\n");
    expect(host.deploy(keeper("app", NEW)).stderr).toContain("app-backup does not run");
  });

  it("changes without a copy where its sidecar was never made, as when a first deployment failed", () => {
    const first = keeper("app", NEW);
    const copies = first.copies.map((copy) => ({
      ...copy,
      sidecar: "never",
      state: "never-state",
    }));
    const { exitCode, stdout } = host.deploy({ ...first, copies });
    expect([exitCode, stdout]).toEqual([
      0,
      "no copy of app before its change: never was never here",
    ]);
  });

  it("changes without a copy to the image that a person named, and to no other", () => {
    host.job(1, "failed");
    const accepted = { app: NEW };
    const { exitCode, stdout } = host.deployWithoutCopy(accepted, keeper("app", NEW));
    expect([exitCode, stdout]).toEqual([
      0,
      "app changes without a copy, as homelab:withoutCopy says",
    ]);
    host.container("app", NEW, hoursAgo(1));
    const next = keeper("app", NEW.replace("2.6.1", "2.7.0"));
    expect(host.deployWithoutCopy(accepted, next).exitCode).toBe(1);
  });

  it("is announced by a preview, which copies nothing", () => {
    expect(host.look(keeper("app", NEW)).stdout).toBe("data app copied app-backup ");
    expect(host.copies()).toBe(0);
    expect(host.recorded("app")).toEqual([]);
  });
});

describe("going back", () => {
  beforeEach(() => {
    host.record(
      "app",
      `image ${hoursAgo(90)} ${OLD}@sha256:0000`,
      `copy ${hoursAgo(50)} app-backup 11112222`,
      `image ${hoursAgo(50)} ${NEW}@sha256:0000`,
      `copy ${hoursAgo(2)} app-backup 33334444`,
    );
    host.container("app", NEW, hoursAgo(50));
  });
  const back = () => keeper("app", OLD, undefined, "app-db");

  it("is refused with the commands that put back what was copied before, files first", () => {
    const { exitCode, stderr } = host.deploy(back());
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "app on docker-vm cannot go back from v2.6.1 to v2.5.0, which does not open what the newer version has written. First put back the copy from before: `npx homelab backup restore app --host docker-vm --snapshot 11112222 --leave-stopped`, then `npx homelab backup restore app-db --host docker-vm --snapshot 11112222 --leave-stopped`, then `pulumi up -s docker-vm`\n" +
        "No container of docker-vm was touched. For an emergency: docs/guides/going-back.md",
    );
    expect(host.copies()).toBe(0);
  });

  it("is refused before any other service is copied", () => {
    host.container("other", OLD, hoursAgo(50));
    expect(host.deploy(keeper("other", NEW), back()).exitCode).toBe(1);
    expect(host.copies()).toBe(0);
    expect(host.recorded("other")).toEqual([]);
  });

  it("is refused also when the container is gone", () => {
    const another = new GuardedHost();
    another.record("app", `image ${hoursAgo(9)} ${NEW}@sha256:0000`);
    expect(another.deploy(back()).stderr).toContain("--snapshot <one from before ");
  });

  it("is announced by a preview in the same words", () => {
    const { stdout } = host.look(back());
    expect(stdout).toContain(
      "data app refused app on docker-vm cannot go back from v2.6.1 to v2.5",
    );
  });

  it("is possible once the copy was put back", () => {
    const note = noteRestored(["app"], "11112222", new Date(hoursAgo(50) * 1000));
    host.room.run(note, ["/opt/homelab"]);
    expect(host.recorded("app").at(-1)).toBe(`restored ${OLD}`);
    expect(host.deploy(back()).exitCode).toBe(0);
    expect(host.recorded("app").at(-1)).toBe(`image ${OLD}`);
  });

  it("is refused again when the newer version was started on what was put back", () => {
    host.room.run(noteRestored(["app"], "11112222", new Date(0)), ["/opt/homelab"]);
    host.container("app", NEW, hoursAgo(50), hoursAgo(-1));
    expect(host.deploy(back()).exitCode).toBe(1);
  });

  it("to a snapshot that no change stands behind is told by its age", () => {
    host.room.run(noteRestored(["app"], "99999999", new Date(hoursAgo(60) * 1000)), [
      "/opt/homelab",
    ]);
    expect(host.recorded("app").at(-1)).toBe(`restored ${OLD}`);
  });

  it("is not made possible by a line that a power cut left unfinished", () => {
    const another = new GuardedHost();
    another.record("app", `image ${hoursAgo(9)} ${NEW}@sha256:0000`, "image");
    expect(another.deploy(back()).exitCode).toBe(1);
  });

  it("is no matter where an older version opens what a newer one wrote, but for the copy", () => {
    const rule = { olderOpens: "always", newerOpens: true } as const;
    expect(host.deploy(keeper("app", OLD, rule)).exitCode).toBe(0);
    expect(host.copies()).toBe(1);
  });

  it.each([
    ["same-minor", "v2.6.0", 0],
    ["same-minor", "v2.5.9", 1],
    ["same-major", "v2.5.0", 0],
    ["same-major", "v1.9.0", 1],
    ["never", "v2.6.0", 1],
    ["never", "v2.10.0", 0],
  ] as const)("with %s and to %s ends with %d", (olderOpens, tag, code) => {
    const image = NEW.replace("v2.6.1", tag);
    expect(host.deploy(keeper("app", image, { olderOpens, newerOpens: true })).exitCode).toBe(code);
  });
});

describe("a PostgreSQL", () => {
  const postgres = (tag: string) => keeper("app-db", `docker.io/library/postgres:${tag}`, POSTGRES);
  beforeEach(() => {
    host.container("app-db", "docker.io/library/postgres:16-alpine", hoursAgo(9));
  });

  it.each(["17-alpine", "15-alpine"])(
    "to major %s is refused in its place, with the command that converts",
    (tag) => {
      const { exitCode, stderr } = host.deploy(postgres(tag));
      expect(exitCode).toBe(1);
      expect(stderr).toContain(
        `app-db on docker-vm cannot go from 16-alpine to ${tag} in its place, where neither opens what the other has written. \`npx homelab database convert app-db --host docker-vm\` brings its data over`,
      );
    },
  );

  it("of the same major changes after a copy", () => {
    expect(host.deploy(postgres("16.4-alpine")).exitCode).toBe(0);
    expect(host.copies()).toBe(1);
  });
});
