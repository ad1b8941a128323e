import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  ADGUARD_COMMAND,
  adguardBase,
  adguardRewrites,
  adguardStartScript,
  unboundConfig,
} from "../../../components/networking/adguard-config.plan.ts";
import { adguard } from "../../../components/networking/adguard.plan.ts";
import { toMebibytes } from "../../../model/units.ts";
import { ScriptRoom } from "../../support/script.ts";
import { site } from "../../support/site.ts";

const CONF = "/opt/adguardhome/conf";
const CONFIG = `${CONF}/AdGuardHome.yaml`;
const MOVED = [CONF, "/homelab", "/run/secrets"];

function room(records: readonly string[]): ScriptRoom {
  const made = new ScriptRoom();
  made.file(`${CONF}/.keep`, "");
  made.file("/homelab/AdGuardHome.yaml", adguardBase(site));
  made.file("/run/secrets/adguard-login", "admin:$2b$05$some/hash.of&it\n");
  declare(made, records);
  return made;
}

function declare(made: ScriptRoom, names: readonly string[]): void {
  const records = names.map((name) => ({ name, type: "A" as const, value: "100.64.0.3" }));
  made.file("/homelab/rewrites.yaml", adguardRewrites(records));
}

function start(made: ScriptRoom) {
  const result = made.run(adguardStartScript(site), MOVED, ["echo", "AdGuard runs"]);
  expect(result.stderr).toBe("");
  expect(result.stdout).toBe("AdGuard runs");
  return parse(readFileSync(made.path(CONFIG), "utf8")) as {
    users: { name: string; password: string }[];
    dns: { upstream_dns: string[]; cache_size: number };
    filtering: { rewrites: { domain: string; answer: string }[]; filtering_enabled: boolean };
    filters?: unknown[];
  };
}

describe("AdGuard's start", () => {
  it("makes the settings on the first start, with the password's hash and the declared names", () => {
    const settings = start(room(["vault.home.example"]));
    expect(settings.users).toEqual([{ name: "admin", password: "$2b$05$some/hash.of&it" }]);
    expect(settings.filtering.rewrites).toEqual([
      { domain: "vault.home.example", answer: "100.64.0.3", enabled: true },
    ]);
  });

  it("puts new names in later and leaves what a person set in the web page", () => {
    const made = room(["vault.home.example", "old.home.example"]);
    start(made);
    const changed = readFileSync(made.path(CONFIG), "utf8")
      .replace("filtering_enabled: true", "filtering_enabled: false")
      .concat("filters:\n  - name: a list of theirs\n    enabled: true\n");
    made.file(CONFIG, changed);
    declare(made, ["vault.home.example", "new.home.example"]);
    const settings = start(made);
    expect(settings.filtering.rewrites.map((entry) => entry.domain)).toEqual([
      "vault.home.example",
      "new.home.example",
    ]);
    expect(settings.filtering.filtering_enabled).toBe(false);
    expect(settings.filters).toEqual([{ name: "a list of theirs", enabled: true }]);
  });

  it("takes all names out when none is declared any more", () => {
    const made = room(["vault.home.example"]);
    start(made);
    declare(made, []);
    expect(start(made).filtering.rewrites).toEqual([]);
  });

  /** The file as AdGuard itself writes it: every setting, in its own order and quotes. */
  const REWRITTEN = `http:
  address: 0.0.0.0:3000
users:
  - name: "admin"
    password: $2a$05$old
  - name: guest
    password: $2a$05$theirs
dns:
  upstream_dns:
    - 172.20.0.10:5335
filtering:
  rewrites:
    - domain: "printer.lan"
      answer: 192.168.1.9
      enabled: true
    - domain: gone.home.example
      answer: 100.64.0.3
      enabled: true
    - domain: nothome.example
      answer: 192.168.1.8
      enabled: false
  protection_enabled: false
filters: []
schema_version: 33
`;

  it("keeps a person's own names and users, and another form of the file", () => {
    const made = room(["vault.home.example"]);
    made.file(CONFIG, REWRITTEN);
    const settings = start(made);
    expect(settings.filtering.rewrites.map(({ domain }) => domain)).toEqual([
      "vault.home.example",
      "printer.lan",
      "nothome.example",
    ]);
    expect(settings.users.map(({ password }) => password)).toEqual([
      "$2b$05$some/hash.of&it",
      "$2a$05$theirs",
    ]);
    expect(settings).toMatchObject({ schema_version: 33, filters: [] });
    const once = readFileSync(made.path(CONFIG), "utf8");
    start(made);
    expect(readFileSync(made.path(CONFIG), "utf8")).toBe(once);
  });

  it("changes the hash when the password was rotated", () => {
    const made = room([]);
    start(made);
    made.file("/run/secrets/adguard-login", "admin:$2b$05$another\n");
    expect(start(made).users[0]?.password).toBe("$2b$05$another");
  });

  /** As another deployment declares it. */
  const becomes = (made: ScriptRoom, name: string) =>
    made.file("/run/secrets/adguard-login", `${name}:$2b$05$another\n`);

  it("gives the admin another name when the site does, so that the old one opens nothing", () => {
    const made = room([]);
    made.file(CONFIG, REWRITTEN);
    start(made);
    becomes(made, "ana");
    expect(start(made).users).toEqual([
      { name: "ana", password: "$2b$05$another" },
      { name: "guest", password: "$2a$05$theirs" },
    ]);
    becomes(made, "admin");
    expect(start(made).users.map(({ name }) => name)).toEqual(["admin", "guest"]);
  });

  it("makes a person's user the admin whose name the site has now, and takes the former away", () => {
    const made = room([]);
    made.file(CONFIG, REWRITTEN);
    start(made);
    becomes(made, "guest");
    expect(start(made).users).toEqual([{ name: "guest", password: "$2b$05$another" }]);
  });

  it("makes the admin where nobody of the name is left, and never takes a stranger for its own", () => {
    const made = room([]);
    made.file(CONFIG, REWRITTEN.replace('"admin"', "owner"));
    expect(start(made).users.map(({ name }) => name)).toEqual(["admin", "owner", "guest"]);
    made.file(CONFIG, REWRITTEN.replace(/users:\n(  .*\n)*/, "users: []\n"));
    expect(start(made).users).toEqual([{ name: "admin", password: "$2b$05$some/hash.of&it" }]);
  });
});

describe("AdGuard and Unbound", () => {
  const plan = adguard(site, { hosts: [] });
  const [unbound, filter] = plan.services;

  it("asks Unbound at its fixed address and keeps no answers of its own", () => {
    const base = parse(adguardBase(site)) as { dns: Record<string, unknown> };
    expect(base.dns["upstream_dns"]).toEqual(["172.20.0.10:5335"]);
    expect(base.dns["cache_size"]).toBe(0);
    expect(unbound?.networks).toEqual([{ name: "adguard-net", address: "172.20.0.10" }]);
  });

  it("waits for a healthy Unbound and for the mesh address it listens on", () => {
    expect(filter?.requires?.map(({ on, strength }) => [on, strength])).toEqual([
      ["unbound", "hard"],
      ["gate:mesh", "hard"],
    ]);
    expect(filter?.ports?.map(({ bind }) => bind)).toContain(site.hosts.vps.mesh);
  });

  it("answers nobody on the public address", () => {
    const binds = filter?.ports?.map(({ bind }) => bind) ?? [];
    expect(binds).not.toContain("0.0.0.0");
    expect(binds).not.toContain(site.hosts.vps.lan);
  });

  it("checks Unbound with a name it knows itself, so that no outage of the line stops it", () => {
    expect(unbound?.health.test).toContain("localhost");
  });

  it("stops Unbound through tini, which is root and signals another user", () => {
    expect(unbound?.capabilities).toContain("KILL");
  });

  it("gives Unbound room for caches that take two and a half times what is set", () => {
    const sizes = [...unboundConfig().matchAll(/-cache-size: (\d+)m/g)].map(([, size]) =>
      Number(size),
    );
    expect(sizes).toHaveLength(4);
    const caches = sizes.reduce((sum, size) => sum + size, 0);
    expect(caches * 2.5).toBeLessThan(toMebibytes(unbound!.limits.memory) * 0.75);
  });

  it("lets Unbound listen where its image says, and does not say it twice", () => {
    expect(unboundConfig()).not.toContain("interface:");
  });

  it("runs the image's own program in the end", () => {
    expect(filter?.command).toEqual(ADGUARD_COMMAND);
  });
});
