import { describe, expect, it } from "vitest";
import { reportingFiles } from "../../../components/core/reporting.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { PROXIES } from "../../../household/proxies.ts";
import { HOSTS, type HostName } from "../../../model/host-names.ts";
import { parseSite } from "../../../model/site.ts";
import { observerSettings } from "../../../programs/boot/foot/settings.ts";
import { site } from "../../support/site.ts";

const fleet = declareFleet(parseSite({ ...site, controlPlane: {} }));

/** What the program on a host is told of its proxy. */
function toldTo(host: HostName) {
  const { reporting } = fleet[host].declaration;
  if (!reporting) throw new Error(`${host} tells nobody what it sees`);
  const [file] = reportingFiles(host, reporting, "t0ken");
  return observerSettings.parse(JSON.parse(file?.content ?? "")).proxy;
}

/** The names that a Caddyfile serves. */
function served(host: HostName, proxy: string): string[] {
  const caddy = fleet[host].declaration.services.find(({ name }) => name === proxy);
  const file = caddy?.files?.find(({ target }) => target === "/etc/caddy/Caddyfile");
  if (file?.content.kind !== "text") throw new Error(`${host} has no Caddyfile`);
  return [...file.content.text.matchAll(/^([\w.-]+\.\w+) \{$/gm)].map(([, name = ""]) => name);
}

describe("the proxy whose certificates a host looks at", () => {
  it.each([
    ["vps", PROXIES.coordinator.service],
    ["docker-vm", PROXIES.home.service],
  ] as const)("of %s is its own, with every name that it serves", (host, proxy) => {
    const told = toldTo(host);
    expect(told).toMatchObject({ address: "127.0.0.1", port: 443 });
    const names = served(host, proxy);
    expect(names.length).toBeGreaterThan(2);
    expect([...(told?.names ?? [])].sort()).toEqual(names.sort());
  });

  it("is none on a host that has none", () => {
    const others = HOSTS.filter((host) => host !== "vps" && host !== "docker-vm");
    expect(others.map(toldTo)).toEqual(others.map(() => undefined));
  });
});
