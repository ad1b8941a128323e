import { beforeAll, describe, expect, it } from "vitest";
import { declaredSite } from "../support/declared.ts";
import { on, openLab, pulumi, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

let lab: Lab;
let domain: string;
let login: string;
beforeAll(async () => {
  lab = await openLab();
  const site = await declaredSite(lab);
  domain = site.domain;
  const args = ["config", "get", "homelab:adguard-password", "--stack", "vps"];
  login = `${site.adminUser}:${(await pulumi(lab, args)).output.trim()}`;
});

interface Rewrite {
  readonly domain: string;
  readonly answer: string;
}

/** A shell's words for AdGuard's address in its network. */
const ADDRESS = `"$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' adguard)"`;

/** Asks AdGuard's own interface, as its page does; the login travels on standard input. */
function api(path: string, body?: Rewrite): Promise<string> {
  const data = body ? `--json '${JSON.stringify(body)}'` : "";
  return on(
    lab,
    "vps",
    `address=${ADDRESS}
curl --silent --show-error --fail --config - ${data} "http://$address:3000/control/rewrite/${path}" <<'END'
user = "${login}"
END`,
  );
}

async function rewrites(): Promise<Rewrite[]> {
  return JSON.parse(await api("list")) as Rewrite[];
}

const config = () =>
  on(lab, "vps", "docker exec adguard cat /opt/adguardhome/conf/AdGuardHome.yaml");

async function restart(): Promise<void> {
  const healthy = `docker inspect --format '{{.State.Health.Status}}' adguard`;
  await on(lab, "vps", "docker restart adguard");
  await expect.poll(() => on(lab, "vps", healthy), { timeout: 60_000 }).toBe("healthy");
}

const OWN = { domain: "printer.lan", answer: "192.168.1.9" };

describe("AdGuard", () => {
  it("writes its file anew at its start, which is no change to a preview", async () => {
    expect(await config()).toContain("schema_version: 33");
    expect(await plannedChanges(lab, "vps")).toEqual([]);
  });

  it("answers with the declared names, and takes the password of the config", async () => {
    const vault = (await rewrites()).find((entry) => entry.domain === `vault.${domain}`);
    // Asked from the container beside it: AdGuard's own image has no drill.
    const ask = `docker exec unbound drill vault.${domain} @${ADDRESS}`;
    const answer = await on(lab, "vps", ask);
    expect(vault?.answer).toMatch(/^\d+\./);
    expect(answer).toContain(vault?.answer);
  });

  it("keeps a person's own name over a restart, and undoes what was done to ours", async () => {
    const before = await rewrites();
    const [vault] = before.filter((entry) => entry.domain === `vault.${domain}`);
    if (!vault) throw new Error("it is declared");
    await api("add", OWN);
    await api("delete", { domain: vault.domain, answer: vault.answer });
    await restart();
    const after = (await rewrites()).map((entry) => entry.domain);
    expect(after).toEqual([...before.map((entry) => entry.domain), OWN.domain]);
    expect(await plannedChanges(lab, "vps")).toEqual([]);
    await api("delete", OWN);
  });
});
