import { describe, expect, it } from "vitest";
import { paperless } from "../../../components/documents/paperless.plan.ts";
import { serviceOf } from "../../support/plan.ts";
import { proxy } from "../../support/proxy.ts";
import { site } from "../../support/site.ts";
import { withCopies } from "../../support/with-copies.ts";

const plan = withCopies(paperless(site, { proxy }));

describe("Paperless", () => {
  it("starts after its database and its queue are healthy", () => {
    const { requires } = serviceOf(plan, "paperless-ngx");
    for (const on of ["paperless-db", "paperless-redis"]) {
      expect(requires).toContainEqual({ on, condition: "healthy", strength: "hard" });
    }
  });

  it("takes every password from a file", () => {
    const { env, files } = serviceOf(plan, "paperless-ngx");
    const paths = Object.entries(env ?? {}).filter(([name]) => /PASS|SECRET/.test(name));
    expect(paths.map(([name]) => name).sort()).toEqual([
      "PAPERLESS_ADMIN_PASSWORD_FILE",
      "PAPERLESS_DBPASS_FILE",
      "PAPERLESS_SECRET_KEY_FILE",
    ]);
    for (const [, path] of paths) expect(files?.map(({ target }) => target)).toContain(path);
  });

  it("has a database whose role follows the secret and that gets time to stop", () => {
    const database = serviceOf(plan, "paperless-db");
    expect(database.databaseRole).toEqual({
      role: "paperless",
      database: "paperless",
      secret: "paperless-db-password",
    });
    expect(database.stopGrace).toBe("120s");
  });

  it("has a database that counts as healthy only once it answers over the network", () => {
    expect(serviceOf(plan, "paperless-db").health.test).toContain("127.0.0.1");
  });

  it("starts the waiting loop under an init process, before the image's own entry point", () => {
    const database = serviceOf(plan, "paperless-db");
    expect(database.init).toBe(true);
    expect(database.command).toEqual(["docker-entrypoint.sh", "postgres"]);
    expect(database.entrypoint).toEqual(["/bin/sh", "/dump-on-request.sh"]);
  });

  it("copies everything that must not be lost, the database too", () => {
    const copied = serviceOf(plan, "paperless-backup").backup?.protects ?? [];
    for (const volume of plan.volumes.filter(({ neverLose }) => neverLose)) {
      expect(copied).toContain(volume.name);
    }
  });

  it("shares the dump's volume with its sidecar", () => {
    for (const name of ["paperless-db", "paperless-backup"]) {
      expect(serviceOf(plan, name).mounts).toContainEqual({
        kind: "volume",
        volume: "paperless-db-dumps",
        target: "/dumps",
      });
    }
  });

  it("lets root's supervisor stop its programs, which run as another user", () => {
    expect(serviceOf(plan, "paperless-ngx").capabilities).toContain("KILL");
  });

  it("has memory for four processes of Django and the reading of a scan", () => {
    expect(serviceOf(plan, "paperless-ngx").limits.memory).toBe("2GiB");
  });
});
