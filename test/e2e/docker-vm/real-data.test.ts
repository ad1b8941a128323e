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

  it("a sidecar sends a volume to the NAS, and a restore gives it back after it was lost", async () => {
    const content = randomBytes(16).toString("hex");
    const inApp = (script: string) =>
      on(lab, "docker-vm", `docker exec --user 0 vaultwarden sh -c '${script}'`);
    await inApp(`echo ${content} > /data/attachment`);
    await inSidecar("/backup.sh");
    await inApp("rm /data/attachment");

    await inSidecar(
      "sh -c 'restic --repository-file /run/secrets/restic-repository --password-file /run/secrets/restic-password restore latest --target /tmp/back > /dev/null'",
    );
    expect(await inSidecar("sh -c 'cat $(find /tmp/back -name attachment)'")).toBe(content);
    await on(
      lab,
      "docker-vm",
      `docker exec vaultwarden-backup sh -c 'cat $(find /tmp/back -name attachment)' | docker exec --interactive --user 0 vaultwarden sh -c 'cat > /data/attachment'`,
    );
    expect(await inApp("cat /data/attachment")).toBe(content);
    const onNas = await on(lab, "nas", "ls /srv/backup/restic/homelab");
    expect(onNas.split("\n")).toContain("vaultwarden");
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
