import { describe, expect, it } from "vitest";
import { restoreJobs } from "../../../cli/backup/places.ts";
import {
  lookScript,
  parseLook,
  snapshotScript,
  type Look,
} from "../../../cli/backup/restore-look.ts";
import { plannedRestore, planText } from "../../../cli/backup/restore-plan.ts";
import { parseRestore } from "../../../cli/backup/restore-result.ts";
import { restoreScript, snapshotRestoreScript } from "../../../cli/backup/restore-script.ts";
import { databaseScript } from "../../../cli/backup/restore-database.ts";
import { HOSTS } from "../../../model/host-names.ts";
import { hosts } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";
import { runHomelab } from "../support/run-homelab.ts";

const jobsOf = (name: string, host?: (typeof HOSTS)[number]) =>
  restoreJobs(hosts, name, host).map(({ job, places, database }) => ({
    job: `${job.host}/${job.sidecar.name}`,
    places: places.map(({ source, target }) => `${source} at ${target}`),
    ...(database === undefined ? {} : { database }),
  }));

describe("the data that a restore gives back", () => {
  it("is only the named service's, not what else its job copies", () => {
    expect(jobsOf("vaultwarden")).toEqual([
      { job: "docker-vm/vaultwarden-backup", places: ["vaultwarden-data at /data"] },
    ]);
    expect(jobsOf("frigate")).toEqual([
      {
        job: "docker-vm/vaultwarden-backup",
        places: ["frigate-config at /more/frigate", "frigate-faces at /more/frigate-faces"],
      },
    ]);
  });

  it("may be in several jobs, and be folders", () => {
    expect(jobsOf("syncthing")).toEqual([
      { job: "nas/forgejo-backup", places: ["/srv/sync at /more/sync"] },
      { job: "nas/coolify-backup", places: ["syncthing-config at /data/syncthing"] },
    ]);
  });

  it("may be one volume or folder, also one that no service has", () => {
    expect(jobsOf("/data/coolify/source")).toEqual([
      { job: "nas/coolify-backup", places: ["/data/coolify/source at /data/source"] },
    ]);
  });

  it("includes what a service only reads when nobody writes it", () => {
    expect(jobsOf("offsite-sync")[0]?.places).toContain("offsite-ssh at /data/offsite-ssh");
  });

  it("of a database is its dump", () => {
    for (const name of ["paperless-db", "paperless-db-data"]) {
      expect(jobsOf(name)).toEqual([
        {
          job: "docker-vm/paperless-backup",
          places: ["paperless-db at /dumps/dump"],
          database: { name: "paperless-db", users: ["paperless-ngx"] },
        },
      ]);
    }
  });

  it("of a service with a database is its files, and names the database that is restored apart", () => {
    const [job] = restoreJobs(hosts, "paperless-ngx", undefined);
    expect(job?.places.map(({ source }) => source)).toEqual(["paperless-data", "paperless-media"]);
    expect(job?.apart).toBe("paperless-db");
    expect(restoreJobs(hosts, "vaultwarden", undefined)[0]).not.toHaveProperty("apart");
  });

  it("of a name that two hosts have is asked for with --host", () => {
    expect(() => jobsOf("caddy")).toThrow("vps and docker-vm have a");
    expect(jobsOf("caddy", "vps")).toEqual([
      { job: "vps/headscale-backup", places: ["caddy-data at /data/caddy"] },
    ]);
  });

  it.each(["dozzle", "vaultwarden-backup", "no-such"])("is none for %s", async (name) => {
    const run = await runHomelab(["backup", "restore", name, "--yes"], {
      PULUMI_OPTION_CWD: undefined,
    });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(`no backup job copies data of "${name}"`);
    expect(run.stderr).toContain("docker-vm/vaultwarden");
  });
});

it.each([
  [["--json"], "HL-CONFIRM"],
  [["--yes", "--snapshot", "$(reboot)"], "HL-USAGE"],
  [["--yes", "--host", "nowhere"], "HL-USAGE"],
])("a restore with %j touches no host", async (options, code) => {
  const run = await runHomelab(["backup", "restore", "vaultwarden", ...options], {
    PULUMI_OPTION_CWD: undefined,
  });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toMatch(new RegExp(`^error ${code}`));
});

describe("what is seen before a restore", () => {
  const job = restoreJobs(hosts, "pihole", undefined)[0];
  if (!job) throw new Error("Pi-hole has no job");
  const SNAPSHOTS = [
    "aaaa1111 2026-01-01T02:00:00.5Z",
    "cccc3333 2026-01-03T02:00:00+01:00",
    "bbbb2222 2026-01-02T02:00:00Z",
  ];
  const lines = (...more: string[]): string =>
    [
      "place 0 51 2097152 full /opt/homelab/replaced",
      "writer 0 pihole",
      "writer 0 other",
      "place 1 51 2097152 empty /opt/homelab/replaced",
      ...SNAPSHOTS.map((one) => `all ${one}`),
      `snapshot ${SNAPSHOTS[1]}`,
      ...more,
      "end",
      "",
    ].join("\n");
  const found = (...more: string[]): Extract<Look, { kind: "found" }> => {
    const look = parseLook(lines(...more), job.places);
    if (look.kind !== "found") throw new Error(look.kind);
    return look;
  };

  it("says which copy, how much, what is kept where, who is stopped, and which copies there are else", () => {
    const text = planText(plannedRestore(job, found("copy 0 12 2048", "copy 1 1 5")));
    expect(text).toMatch(
      /docker-vm\/pihole-backup, snapshot cccc3333 of 2026-01-03 01:00 UTC, \d+ h/,
    );
    expect(text).toContain(
      "pihole-config: 12 files, 2.0 KiB; what is in it now is kept in /opt/homelab/replaced",
    );
    expect(text).toContain("pihole-dnsmasq: 1 file, 5 B; it is empty now");
    expect(text).toContain("other, pihole");
    expect(text).toMatch(/bbbb2222 of [^]*aaaa1111 of/);
  });

  it("is refused when the snapshot has nothing of a volume, with the copies that there are", () => {
    const plan = () => plannedRestore(job, found("copy 0 12 2048", "absent 1"));
    expect(plan).toThrow(/cccc3333 has nothing of pihole-dnsmasq.*bbbb2222/);
  });

  it("is refused when the copies of one disk do not fit there together", () => {
    const half = 600 * 1024 ** 2;
    expect(() => plannedRestore(job, found(`copy 0 1 ${half}`, "copy 1 1 0"))).not.toThrow();
    expect(() => plannedRestore(job, found(`copy 0 1 ${half}`, `copy 1 1 ${half}`))).toThrow(
      "the copy needs 1.2 GiB and 1 GiB to spare",
    );
  });

  it("may be that there is nothing to restore to, from or with", () => {
    expect(parseLook("stopped\n", job.places)).toEqual({ kind: "stopped" });
    expect(parseLook("missing 1\nstopped \nnone\n", job.places)).toEqual({
      kind: "missing",
      sources: ["pihole-dnsmasq"],
    });
    expect(parseLook("none\n", job.places)).toEqual({ kind: "none" });
    expect(parseLook("problem the server is away\n", job.places)).toEqual({
      kind: "problem",
      message: "the server is away",
    });
    expect(parseLook(lines().replace("end", ""), job.places)).toMatchObject({ kind: "problem" });
  });

  it("is asked and done by scripts that a POSIX shell can read, without a secret", () => {
    const { places } = job;
    const scripts = [
      lookScript(job, undefined),
      lookScript(job, "cccc3333"),
      restoreScript(job, "cccc3333", "start\n"),
      ...["immich-db", "javya-db"].flatMap((name) =>
        restoreJobs(hosts, name, undefined).flatMap((dump) => [
          lookScript(dump, undefined),
          ...(dump.database
            ? [databaseScript(dump.job, dump.database, "cccc3333", "start\n")]
            : []),
        ]),
      ),
      snapshotScript(job.job, places, undefined),
      snapshotRestoreScript(job.job.program, places, "cccc3333"),
    ];
    for (const script of scripts) expect(isValidShell(script), script).toBe(true);
  });

  it("ends with containers that could not be started again by name", () => {
    const done = parseRestore("stopped a\nunstarted a no such network\nend\n", job.places);
    expect(done.unstarted).toEqual([{ name: "a", reason: "no such network" }]);
  });
});

it("does not say that all is as it was where the connection is lost while data is put back", async () => {
  const room = new ScriptRoom();
  const snapshots = "aaaa1111 2026-01-01T02:00:00Z";
  room.file(
    "/seen",
    `place 0 51 2097152 full /opt/homelab/replaced\nall ${snapshots}\nsnapshot ${snapshots}\ncopy 0 1 5\nend\n`,
  );
  // One call to look; the next breaks off.
  room.program(
    "ssh",
    `cat >/dev/null
printf '\\nhomelab-connected\\n'
[ "$(grep -c . "${room.path("/calls/ssh")}")" = 1 ] && exec cat "${room.path("/seen")}"
echo restored
echo "Broken pipe" >&2
exit 255`,
  );
  const run = await runHomelab(["backup", "restore", "vaultwarden", "--yes"], {
    PULUMI_OPTION_CWD: undefined,
    PATH: `${room.path("/bin")}:${process.env["PATH"] ?? ""}`,
  });
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toMatch(/error HL-RESTORE-LOST on docker-vm: .*Broken pipe/);
  expect(run.stderr).toContain("either as it was or put back whole");
  expect(run.stderr).toContain("ssh docker-vm ls -lt /opt/homelab/replaced");
});
