import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { probeTarget, uptimeMonitors } from "../../components/monitoring/uptime-monitors.plan.ts";
import { routesOf, servedBy, siteName } from "../../components/edge/routes.plan.ts";
import type { ServiceDeclaration } from "../../model/declaration.ts";
import { HOSTS } from "../../model/host-names.ts";
import { declareFleet } from "../../household/fleet.plan.ts";
import { site } from "../support/site.ts";

const fleet = declareFleet(site);
const declarations = HOSTS.map((host) => fleet[host].declaration);
const everything = HOSTS.flatMap((host) =>
  fleet[host].declaration.services.map((service) => ({ host, ...service })),
);

/** The text of a file that a service is configured with. */
function file(host: (typeof HOSTS)[number], name: string, target: RegExp): string {
  const service = everything.find((each) => each.host === host && each.name === name);
  const found = service?.files?.find((each) => target.test(each.target))?.content;
  if (found?.kind === "text") return found.text;
  if (found?.kind === "template") return found.template;
  throw new Error(`${name} on ${host} has no file ${String(target)}`);
}

/** Services with what `pick` finds in their declaration, as rows for a table of tests. */
function each<T>(pick: (service: ServiceDeclaration) => readonly T[] | undefined) {
  return everything.flatMap((service) =>
    (pick(service) ?? []).map(
      (what) => [`${service.host}/${service.name}`, service, what] as const,
    ),
  );
}

describe("one declaration gives", () => {
  const caddyfiles = {
    "docker-vm": file("docker-vm", "caddy", /Caddyfile$/),
    vps: file("vps", "caddy", /Caddyfile$/),
    // Coolify's Traefik serves there; it reads labels.
    nas: undefined,
  };

  it.each(routesOf(declarations).map((source) => [siteName(site, source.route), source] as const))(
    "%s: a site where it is served, and its name in the DNS of the mesh and at home",
    (name, source) => {
      const server = servedBy(source);
      expect(caddyfiles[server] ?? name).toContain(name);
      // The VPS's own sites have public names, which every resolver knows.
      if (server === "vps") return;
      expect(file("vps", "adguard", /rewrites/)).toContain(name);
      expect(file("vps", "headscale", /records/)).toContain(name);
      expect(file("docker-vm", "pihole", /\.conf$/)).toContain(name);
    },
  );

  it.each(each(({ probes }) => probes))(
    "%s: its monitor in Uptime Kuma",
    (about, { host }, probe) => {
      const monitor = uptimeMonitors(site, declarations).find(({ name }) => name === probe.name);
      expect(monitor?.about).toBe(about);
      const { url = "", hostname = "", port } = monitor ?? {};
      expect([url, hostname, `${hostname}:${port}`]).toContain(
        probeTarget(site, host, probe.target),
      );
    },
  );

  it.each(each(({ scrapes }) => scrapes))("%s: its target of vmagent", (_, __, scrape) => {
    const config = parse(file("docker-vm", "vmagent", /\.ya?ml$/)) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    const job = config.scrape_configs.find(({ job_name }) => job_name === scrape.job);
    expect(job?.static_configs[0]?.targets[0]).toMatch(/:\d+$/);
  });

  it.each(each(({ tile }) => (tile ? [tile] : [])))(
    "%s: its tile of the start page",
    (_, __, t) => {
      expect(file("docker-vm", "homepage", /services\.yaml$/)).toContain(t.title);
    },
  );

  it.each(everything.filter(({ host }) => host === "docker-vm").map(({ name }) => [name] as const))(
    "docker-vm/%s: an alert when it does not run",
    (name) => {
      const rules = parse(file("docker-vm", "vmalert", /alerts\.yml$/)) as {
        groups: { rules: { alert: string; expr: string }[] }[];
      };
      const alerts = rules.groups.flatMap((group) => group.rules);
      expect(alerts.filter(({ expr }) => expr.includes(`{name="${name}"}`))).toHaveLength(1);
    },
  );
});
