import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { execa } from "execa";
import { homelab, on, openLab, pulumi, tryOn, up, type Lab } from "../support/lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});

/** A secret of the sandbox's Docker VM. */
async function secret(name: string): Promise<string> {
  const { code, output } = await pulumi(lab, [
    "config",
    "get",
    `homelab:${name}`,
    "--stack",
    "docker-vm",
  ]);
  expect(code, output).toBe(0);
  return output.trim();
}

describe("Mosquitto", () => {
  const publish = (user: string, password: string) =>
    tryOn(
      lab,
      "docker-vm",
      `docker exec mosquitto mosquitto_pub -h 127.0.0.1 -t test/door -m open -r -u ${user} -P '${password}'`,
    );

  it("delivers a message that was published with the password of the config", async () => {
    const password = await secret("mqtt-frigate-password");
    expect((await publish("frigate", password)).code).toBe(0);
    const received = await on(
      lab,
      "docker-vm",
      `docker exec mosquitto mosquitto_sub -h 127.0.0.1 -t test/door -C 1 -W 5 -u frigate -P '${password}'`,
    );
    expect(received).toBe("open");
  });

  it("refuses a wrong password", async () => {
    expect((await publish("frigate", "wrong")).code).not.toBe(0);
  });
});

describe("Caddy", () => {
  const ask = (name: string, path: string) =>
    on(
      lab,
      "docker-vm",
      `curl --insecure --silent --output /dev/null --write-out '%{http_code} %{redirect_url}' --resolve ${name}.homelab.test:443:127.0.0.1 --header 'Accept: text/html' https://${name}.homelab.test${path}`,
    );

  it("leads to a service that needs no sign-in by its name", async () => {
    expect(await ask("vault", "/alive")).toBe("200");
  });

  it("sends who is not signed in to Authelia first, where the service asks for it", async () => {
    expect(await ask("mbyja", "/")).toMatch(/^302 https:\/\/auth\.homelab\.test\//);
  });

  it("knows no other names", async () => {
    const { code } = await tryOn(
      lab,
      "docker-vm",
      "curl --insecure --silent --resolve other.homelab.test:443:127.0.0.1 https://other.homelab.test/",
    );
    expect(code).not.toBe(0);
  });
});

describe("PostgreSQL of Paperless", () => {
  /** Asks over the network, as Paperless does; the password travels on standard input. */
  const query = (password: string) =>
    tryOn(
      lab,
      "docker-vm",
      `docker exec --interactive paperless-ngx sh -c 'read -r PGPASSWORD; export PGPASSWORD; psql -h paperless-db -U paperless -d paperless -tAc "select 41 + 1"' <<'END'\n${password}\nEND\n`,
    );

  it("answers with the generated secret and not with another", async () => {
    expect((await query(await secret("paperless-db-password"))).output.trim()).toBe("42");
    expect((await query("wrong")).code).not.toBe(0);
  });

  it("follows when the secret is rotated, and the old one is refused", async () => {
    const before = await secret("paperless-db-password");
    const after = randomBytes(18).toString("hex");
    await setSecret("paperless-db-password", after);
    const rotated = await up(lab, "docker-vm");
    expect(rotated.code, rotated.output).toBe(0);
    expect(rotated.output).not.toContain(after);
    expect((await query(after)).output.trim()).toBe("42");
    expect((await query(before)).code).not.toBe(0);
  });

  async function setSecret(name: string, value: string): Promise<void> {
    await execa(
      "pulumi",
      ["config", "set", "--secret", `homelab:${name}`, "--stack", "docker-vm"],
      {
        env: lab.env,
        cwd: "/",
        input: value,
      },
    );
  }
});

describe("monitoring", () => {
  it("VictoriaMetrics stores what vmagent scraped", async () => {
    const query =
      "docker exec victoriametrics wget -qO- 'http://127.0.0.1:8428/api/v1/query?query=count(up==1)'";
    await expect
      .poll(async () => await on(lab, "docker-vm", query), { timeout: 90_000, interval: 3_000 })
      .toMatch(/"value":\[\d+(\.\d+)?,"[1-9]\d*"\]/);
  });
});

describe("backups", () => {
  const inSidecar = (script: string) =>
    on(lab, "docker-vm", `docker exec vaultwarden-backup ${script}`);

  const VOLUME = "/var/lib/docker/volumes/vaultwarden-data/_data";
  const restore = async (...options: string[]) => {
    const ended = await homelab(lab, ["backup", "restore", "vaultwarden", "--yes", ...options]);
    expect(ended.code, ended.output).toBe(0);
    return ended.output;
  };
  /**
   * Every name in the volume with kind, mode, owner, time, link target and, of files, length and
   * checksum. SQLite's shared memory is left out, and no restore brings it back: it is an index of
   * the log that the first who opens the database makes anew.
   */
  const listing = () =>
    on(
      lab,
      "docker-vm",
      `cd ${VOLUME}
      find . ! -name '*-shm' -printf '%y %m %U:%G %T@ %p -> %l\\0' | LC_ALL=C sort -z | tr '\\0' '\\n'
      find . ! -name '*-shm' -type f -printf '%s %n %p\\0' | LC_ALL=C sort -z | tr '\\0' '\\n'
      find . ! -name '*-shm' -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum`,
    );
  /** Of a row that is still in the database's log, as a session that holds it open leaves it. */
  const inDatabase = randomBytes(16).toString("hex");

  it("a volume that was destroyed comes back from the NAS byte for byte", async () => {
    await on(
      lab,
      "docker-vm",
      `docker exec --detach vaultwarden sh -c '(echo "pragma journal_mode=wal; drop table if exists trial; create table trial (row text); insert into trial values (\\"${inDatabase}\\");"; sleep 300) | sqlite3 /data/db.sqlite3'
      mkdir -p ${VOLUME}/attachments/odd ${VOLUME}/attachments/empty && cd ${VOLUME}/attachments/odd
      head -c 3000000 /dev/urandom > large
      head -c 1000 /dev/urandom > ' two  spaces' ; head -c 1000 /dev/urandom > "quote'\\"back\\\\slash"
      head -c 1000 /dev/urandom > -dash ; head -c 1000 /dev/urandom > 'Schlüssel für $HOME *'
      head -c 1000 /dev/urandom > "$(printf 'two\\nlines')" ; : > nothing
      ln -s ../no-such target ; ln -s /etc/passwd outside ; ln large linked
      chown 1000:33 large ; chown -h 7:8 target ; chmod 4750 -- -dash ; chmod 0 nothing
      touch -d 2001-02-03T04:05:06.789012345Z large ; touch -h -d 2002-02-02 target
      chown 1000:1000 ../empty . ; chmod 1731 . ; touch -d 2003-03-03 ../empty . .. ../..
      timeout 20 sh -c 'until [ -s ${VOLUME}/db.sqlite3-wal ]; do sleep 0.2; done'`,
    );
    const before = await listing();
    await inSidecar("/backup.sh");
    expect(await listing()).toBe(before);
    expect(await on(lab, "nas", "ls /srv/backup/restic/homelab")).toContain("vaultwarden");

    await on(
      lab,
      "docker-vm",
      "docker rm --force vaultwarden vaultwarden-backup && docker volume rm vaultwarden-data",
    );
    const made = await up(lab, "docker-vm");
    expect(made.code, made.output).toBe(0);
    expect(await listing()).not.toContain("attachments/odd");
    // The stand-in writes a row at every start, so it is compared before.
    await restore("--leave-stopped");
    expect(await listing()).toBe(before);

    await on(lab, "docker-vm", "docker start vaultwarden");
    expect(await rows()).toBe(inDatabase);
  });

  /** What a person would find in the database. */
  const rows = () =>
    on(lab, "docker-vm", "docker exec vaultwarden sqlite3 /data/db.sqlite3 'select * from trial'");

  it("a restore starts what it stopped, and keeps what was in the volume", async () => {
    const kept = "/var/lib/docker/homelab-replaced";
    await on(lab, "docker-vm", `rm -rf ${kept} && echo later > ${VOLUME}/later`);
    const asked = await homelab(lab, ["backup", "restore", "vaultwarden"]);
    expect(asked.code).toBe(2);
    expect(asked.output).toContain("HL-CONFIRM");
    expect(await on(lab, "docker-vm", `cat ${VOLUME}/later`)).toBe("later");

    const said = await restore();
    expect(said).toContain("Started again: vaultwarden");
    expect(await on(lab, "docker-vm", `ls ${VOLUME}`)).not.toContain("later");
    expect(await on(lab, "docker-vm", `cat ${kept}/vaultwarden-data-*/later`)).toBe("later");
    expect(await on(lab, "docker-vm", `ls ${kept} | wc -l; ls -d /var/tmp/homelab-* || true`)).toBe(
      "1\nls: cannot access '/var/tmp/homelab-*': No such file or directory",
    );
    expect(await rows()).toBe(inDatabase);
    await on(lab, "docker-vm", `rm -r ${kept} ${VOLUME}/attachments/odd`);
  });

  it("a restore of a database reads its dump in, also after newer tables were made", async () => {
    const psql = (statement: string) =>
      on(
        lab,
        "docker-vm",
        `docker exec --interactive paperless-db psql -U paperless -d paperless -At <<'END'\n${statement}\nEND\n`,
      );
    const text = `it's $HOME "${inDatabase}"\\n`;
    await psql(`create table trial (id serial primary key, words text unique);
      insert into trial (words) values ($words$${text}$words$);`);
    await on(lab, "docker-vm", "docker exec paperless-backup /backup.sh");
    await psql("delete from trial; create table newer as select 7 as seven;");

    const run = await homelab(lab, ["backup", "restore", "paperless-db", "--yes"]);
    expect(run.code, run.output).toBe(0);
    expect(run.output).toContain("Started again: paperless-ngx");
    expect(await psql("select words from trial")).toBe(text);
    expect(await psql("insert into trial (words) values ('next') returning id")).toMatch(/^2\n/);
    expect(await psql("select to_regclass('newer')")).toBe("");
    const kept = await on(lab, "docker-vm", "cat /opt/homelab/replaced/paperless-db-*.sql");
    expect(kept).toContain("CREATE TABLE public.newer");
    await on(lab, "docker-vm", "rm -r /opt/homelab/replaced");
    await psql("drop table trial");
  });

  it("backup verify restores the newest copy into a scratch place and finds it equal", async () => {
    await inSidecar("/backup.sh");
    const verified = await homelab(lab, ["backup", "verify", "vaultwarden"]);
    expect(verified.code, verified.output).toBe(0);
  });
});

describe("secrets", () => {
  it("stand in no container's environment, arguments or labels, and in no state as plain text", async () => {
    const values = await Promise.all(
      [
        "paperless-db-password",
        "restic-password",
        "mqtt-frigate-password",
        "grafana-admin-password",
      ].map(secret),
    );
    const inspected = await on(lab, "docker-vm", "docker ps --quiet | xargs docker inspect");
    const { output: state } = await pulumi(lab, ["stack", "export", "--stack", "docker-vm"]);
    for (const value of values) {
      expect(inspected.includes(value)).toBe(false);
      expect(state.includes(value)).toBe(false);
    }
  });
});
