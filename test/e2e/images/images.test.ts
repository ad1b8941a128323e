import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { up } from "../../../sandbox/up.ts";
import { docker, imageLock, inside, onNas, PREFIX, removeAll, start, until } from "./docker.ts";

const POSTGRES = "docker.io/library/postgres:17-alpine";
const SERVER = "ghcr.io/immich-app/immich-server:v2.6.1";
const SECRETS = `/root/${PREFIX}secrets`;
const DATABASE = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];
const PING = ["curl", "--silent", "http://localhost:2283/api/server/ping"];

beforeAll(async () => {
  await up();
  await removeAll();
  await docker("network", "create", `${PREFIX}net`);
  const write = `mkdir -p ${SECRETS} && cd ${SECRETS} && printf right >right && printf wrong >wrong && printf x >hidden && chmod 444 right wrong && chmod 400 hidden`;
  expect(await onNas("sh", "-c", write)).toMatchObject({ exitCode: 0 });
});

afterAll(removeAll);

/** The Immich server, which logs in to the container "db" and asks the container "cache". */
function startServer(name: string, secret: string): Promise<void> {
  return start(name, SERVER, [
    ...["--env", "DB_HOSTNAME=db", "--env", "DB_USERNAME=app", "--env", "DB_DATABASE_NAME=app"],
    ...["--env", "DB_PASSWORD_FILE=/run/secrets/db", "--env", "REDIS_HOSTNAME=cache"],
    ...["--volume", `${SECRETS}/${secret}:/run/secrets/db:ro`],
  ]);
}

function startDatabase(): Promise<void> {
  return start(
    "db",
    POSTGRES,
    [
      ...["--env", "POSTGRES_USER=app", "--env", "POSTGRES_PASSWORD_FILE=/run/secrets/db"],
      ...["--volume", `${SECRETS}/right:/run/secrets/db:ro`],
      ...["--volume", `${PREFIX}data:/var/lib/postgresql/data`],
    ],
    DATABASE,
  );
}

describe("the images in the registry", () => {
  it("can all be pulled by their public names and the digests of the lock file", async () => {
    const pinned = Object.entries(imageLock().images).map(([name, digest]) => `${name}@${digest}`);
    for (const image of pinned) await docker("pull", "--quiet", image);
    expect(pinned.length).toBeGreaterThan(40);
  });
});

describe("a stand-in", () => {
  it("is not healthy before what it needs is there, says what is missing, then becomes it", async () => {
    await startServer("server", "right");
    const waiting = await until(
      10,
      () => inside("server", ...PING),
      (text) => text.includes("db:5432"),
    );
    expect(waiting).toContain('"standIn":"immich-server"');
    await startDatabase();
    await start("cache", "docker.io/valkey/valkey:8", [], ["SETGID", "SETUID"]);
    await until(
      60,
      () => inside("server", ...PING),
      (text) => text === '{"res":"pong"}',
    );
  });

  it("stays unhealthy when the database refuses its password", async () => {
    await startServer("stranger", "wrong");
    const waiting = await until(
      20,
      () => inside("stranger", ...PING),
      (text) => text.includes("password authentication failed"),
    );
    expect(waiting).toContain("waitingFor");
  });

  it("ends with the reason when its user cannot read a secret file", async () => {
    const options = [
      ...["--env", "GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/p"],
      ...["--volume", `${SECRETS}/hidden:/run/secrets/p:ro`],
    ];
    await start("grafana", "docker.io/grafana/grafana:12.4.0", options);
    const log = await until(
      10,
      () => onNas("docker", "logs", `${PREFIX}grafana`),
      (text) => text.includes("permission denied"),
    );
    expect(log).toContain("as user 472");
    expect(await docker("inspect", "--format", "{{.State.ExitCode}}", `${PREFIX}grafana`)).toBe(
      "1",
    );
  });

  it("ends by itself when it is asked to, before it is killed", async () => {
    await docker("stop", "--timeout", "30", `${PREFIX}server`);
    expect(await docker("inspect", "--format", "{{.State.ExitCode}}", `${PREFIX}server`)).toBe("0");
  });

  it("can be made unhealthy and healthy again by signals", async () => {
    // One whose server is the first process: a supervisor would take the signal for itself.
    await start("films", "docker.io/jellyfin/jellyfin:10.9.11");
    const ask = () => inside("films", "curl", "--silent", "http://localhost:8096/health");
    await until(10, ask, (text) => text.includes("Healthy"));
    await docker("kill", "--signal", "USR1", `${PREFIX}films`);
    await until(5, ask, (text) => text.includes("waitingFor"));
    await docker("kill", "--signal", "USR2", `${PREFIX}films`);
    await until(5, ask, (text) => text.includes("Healthy"));
  });

  it("cannot change its user without the capabilities for it, as the original", async () => {
    await start("bare", "lscr.io/linuxserver/radarr:6.0.4", [], ["CHOWN"]);
    await until(
      10,
      () => onNas("docker", "logs", `${PREFIX}bare`),
      (text) => text.includes("unable to set supplementary group list"),
    );
  });

  it.each([
    ["s6", "lscr.io/linuxserver/sonarr:4.0.16", ["CHOWN", "DAC_OVERRIDE"], 137],
    ["tini", "docker.io/madnuttah/unbound:1.24.2-1", [], 1],
    ["a start script", "docker.io/pihole/pihole:2026.02.0", ["CHOWN", "DAC_OVERRIDE"], 137],
  ] as const)(
    "below %s gets its stop signal only where root may signal its user, as the original",
    async (_, image, others, without) => {
      const stop = async (name: string, capabilities: readonly string[]) => {
        await start(name, image, [], [...others, "SETGID", "SETUID", ...capabilities]);
        // Long enough for its server to be another user's.
        await new Promise((resolve) => setTimeout(resolve, 3000));
        await docker("stop", "--timeout", "8", PREFIX + name);
        return docker("inspect", "--format", "{{.State.ExitCode}}", PREFIX + name);
      };
      const name = image.replaceAll(/[^a-z]/g, "");
      expect(await stop(name, ["KILL"])).toBe("0");
      expect(await stop(`${name}-bare`, [])).toBe(String(without));
    },
  );

  it("has no program for a check that its original does not have", async () => {
    await start("pages", "ghcr.io/dgtlmoon/changedetection.io:0.50.43");
    expect((await inside("pages", "curl", "--version")).output).toContain("not found");
    expect(await inside("pages", "python3", "--version")).toMatchObject({ exitCode: 0 });
  });

  it("passes the tests of its own module", async () => {
    const cwd = "sandbox/images/standin";
    expect(await execa("go", ["test", "./..."], { cwd, reject: false })).toMatchObject({
      exitCode: 0,
    });
  });
});

describe("the PostgreSQL image", () => {
  const query = (sql: string, password: string) =>
    inside("cache", "env", `PGPASSWORD=${password}`, "psql", "-h", "db", "-U", "app", "-Atc", sql);

  it("keeps its data when its container is replaced", async () => {
    expect((await query("create table kept as select 42 as answer", "right")).exitCode).toBe(0);
    await docker("rm", "--force", `${PREFIX}db`);
    await startDatabase();
    await until(
      30,
      () => query("select answer from kept", "right"),
      (text) => text === "42",
    );
  });

  it("lets nobody in over the network without the password, and everybody through its socket", async () => {
    expect((await query("select 1", "wrong")).output).toContain("password authentication failed");
    expect(await inside("db", "psql", "-U", "app", "-Atc", "select 1")).toEqual({
      exitCode: 0,
      output: "1",
    });
  });
});
