import { readdirSync, statSync } from "node:fs";
import { execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { derpMap, headscaleConfig } from "../../../components/networking/headscale-config.plan.ts";
import {
  copyHealthScript,
  copyScript,
} from "../../../components/networking/headscale-copies.plan.ts";
import { derp } from "../../../components/networking/derp.plan.ts";
import { headscale } from "../../../components/networking/headscale.plan.ts";
import { hostWith } from "../../../model/host-names.ts";
import { ScriptRoom } from "../../support/script.ts";
import { site } from "../../support/site.ts";

describe("Headscale's configuration", () => {
  const config = parse(headscaleConfig(site)) as {
    server_url: string;
    derp: { urls: string[]; paths: string[] };
    dns: { nameservers: { global: string[]; split?: unknown } };
  };

  it("needs nothing from outside to start, since it starts before the machine's resolver", () => {
    expect(config.derp.urls).toEqual([]);
  });

  it("names the relay in a map, so that nodes use it", () => {
    const hosts = [{ host: hostWith("coordinator"), services: derp(site).services }];
    const { services } = headscale(site, { hosts, volumes: [] });
    const mounted = services[0]?.files?.map(({ target }) => target) ?? [];
    expect(config.derp.paths.every((path) => mounted.includes(path))).toBe(true);
    expect(derpMap(site)).toContain("derp.home.example");
    // As text it would keep Headscale from starting.
    expect(derpMap(site)).toMatch(/^ +900:$/m);
  });

  it("names neither a resolver nor a relay where the coordinator has none", () => {
    const files = headscale(site, { hosts: [], volumes: [] }).services[0]?.files ?? [];
    const texts = files.flatMap(({ content }) => (content.kind === "text" ? [content.text] : []));
    const alone = parse(texts[0] ?? "") as typeof config;
    expect(alone.derp.paths).toEqual([]);
    expect(alone.dns.nameservers.global).toEqual([site.dnsUpstreams[0]]);
    expect(texts.join()).not.toContain("derp.home.example");
  });

  it("gives nodes the VPS's resolver first and a public one after it, and no split rule", () => {
    expect(config.dns.nameservers.global).toEqual([site.hosts.vps.mesh, site.dnsUpstreams[0]]);
    expect(config.dns.nameservers.split).toBeUndefined();
  });
});

const settings = {
  data: "/var/lib/headscale",
  config: "/etc/headscale",
  copies: "/backups",
  keepHours: 720,
  readers: 1000,
  timezone: "UTC",
};
const MOVED = [settings.data, settings.config, settings.copies];

function room(): ScriptRoom {
  const made = new ScriptRoom();
  made.program("chown");
  made.file(`${settings.data}/noise_private.key`, "noise");
  made.file(`${settings.data}/derp_server_private.key`, "derp");
  made.file(`${settings.data}/db.sqlite`, "SQLite format 3\0pages");
  made.file(`${settings.data}/db.sqlite-wal`, "log");
  made.file(`${settings.config}/config.yaml`, "server_url: x\n");
  made.file(`${settings.copies}/.keep`, "");
  return made;
}

function contents(made: ScriptRoom, part: string): string[] {
  const found = readdirSync(made.path(settings.copies)).find((name) => name.startsWith(part)) ?? "";
  const list = execaSync("tar", ["-tzf", made.path(`${settings.copies}/${found}`)]).stdout;
  return list.split("\n").sort();
}

describe("the hourly copy of Headscale", () => {
  it("holds the database with its log, the configuration and both private keys", () => {
    const made = room();
    const result = made.run(copyScript(settings), MOVED);
    expect(result.stderr).toBe("");
    expect(contents(made, "db_")).toEqual(["./", "./db.sqlite", "./db.sqlite-wal"]);
    expect(contents(made, "config_")).toEqual(["./", "./config.yaml"]);
    expect(contents(made, "keys_")).toEqual(["derp_server_private.key", "noise_private.key"]);
  });

  it("may be read by the group that fetches it and by nobody else", () => {
    const made = room();
    made.run(copyScript(settings), MOVED);
    const [copy] = readdirSync(made.path(settings.copies)).filter((name) =>
      name.startsWith("keys"),
    );
    expect(statSync(made.path(`${settings.copies}/${copy}`)).mode & 0o777).toBe(0o640);
    expect(made.run("cat /calls/chown", ["/calls"]).stdout).toContain("0:1000");
  });

  it("is made again when the database changed meanwhile", () => {
    const made = room();
    const file = made.path(`${settings.data}/db.sqlite`);
    made.program(
      "cp",
      `/bin/cp "$@"; [ -e '${made.path("/written")}' ] ||
        { : >'${made.path("/written")}'; printf 'SQLite format 3 new' >'${file}'; }`,
    );
    expect(made.run(copyScript(settings), MOVED)).toMatchObject({ exitCode: 0 });
    const [copy] = readdirSync(made.path(settings.copies)).filter((name) => name.startsWith("db_"));
    const archive = made.path(`${settings.copies}/${copy}`);
    expect(execaSync("tar", ["-xzOf", archive, "./db.sqlite"]).stdout).toBe("SQLite format 3 new");
  });

  it("is not left of something that is no database", () => {
    const made = room();
    made.file(`${settings.data}/db.sqlite`, "not a database");
    expect(made.run(copyScript(settings), MOVED).exitCode).not.toBe(0);
    expect(readdirSync(made.path(settings.copies))).toEqual([".keep"]);
  });
});

describe("the check of the hourly copy", () => {
  const check = (made: ScriptRoom) =>
    made.run(copyHealthScript(settings), ["/tmp/started", ...MOVED]);

  it("fails when crond is gone", () => {
    const made = room();
    made.program("pgrep", "exit 1");
    expect(check(made)).toMatchObject({ exitCode: 1 });
  });

  it("passes in a new container before the first copy, and fails when none came", () => {
    const made = room();
    made.program("pgrep");
    made.file("/tmp/started", "");
    expect(check(made)).toMatchObject({ exitCode: 0 });
    execaSync("touch", ["-d", "3 hours ago", made.path("/tmp/started")]);
    expect(check(made)).toMatchObject({ exitCode: 1 });
    made.file(`${settings.copies}/.last-copy`, "");
    expect(check(made)).toMatchObject({ exitCode: 0 });
  });
});
