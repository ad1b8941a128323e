/** Ways in that have to be shut, tried on what the declarations render. */
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { caddyfile } from "../../components/edge/caddyfile.plan.ts";
import { protectedNames, proxiedSites } from "../../components/edge/routes.plan.ts";
import { placeAtHome } from "../../components/edge/proxy.plan.ts";
import { networks, hosts, service } from "../support/fleet.ts";
import { proxy } from "../support/proxy.ts";
import { site } from "../support/site.ts";

/** Programs that ask nobody who they are. */
const WITHOUT_LOGIN = [
  "vps/changedetection",
  "vps/playwright",
  "vps/unbound",
  "docker-vm/alertmanager",
  "docker-vm/bentopdf",
  "docker-vm/cadvisor",
  "docker-vm/dozzle",
  "docker-vm/homepage",
  "docker-vm/victoriametrics",
  "docker-vm/vmagent",
  "docker-vm/vmalert",
  "docker-vm/watchtower",
];

/** Text of a declared file. */
function textOf(id: string, target: string): string {
  const content = service(id).files?.find((file) => file.target === target)?.content;
  if (content?.kind !== "text") throw new Error(`${id} has no text at ${target}`);
  return content.text;
}

describe("a stranger", () => {
  it.each(WITHOUT_LOGIN)("reaches %s from no other machine but through Authelia", (id) => {
    const { ports = [], routes = [] } = service(id);
    expect(ports.filter(({ bind }) => bind !== "127.0.0.1")).toEqual([]);
    expect(routes.filter(({ auth }) => auth !== true)).toEqual([]);
  });

  it("passes Authelia at no site without a second factor, but to the page that asks for it", () => {
    const { access_control } = parse(textOf("docker-vm/authelia", "/config/configuration.yml")) as {
      access_control: {
        default_policy: string;
        rules: { domain: string | string[]; policy: string }[];
      };
    };
    expect(access_control.default_policy).toBe("two_factor");
    const open = access_control.rules.filter(({ policy }) => policy !== "two_factor");
    expect(open.map(({ domain }) => domain)).toEqual([`auth.${site.domain}`]);
    const guarded = access_control.rules.flatMap(({ domain, policy }) =>
      policy === "two_factor" ? domain : [],
    );
    expect(guarded.sort()).toEqual(protectedNames(site, hosts).sort());
  });

  it("cannot call himself the admin: Caddy drops the name he claims before it asks Authelia", () => {
    const text = caddyfile({
      issuer: { issuer: "internal" },
      sites: proxiedSites(
        site,
        placeAtHome(proxy, networks(`docker-vm/${proxy.service}`), true),
        hosts,
      ),
      authelia: "authelia:9091",
    });
    const grafana = text.split("\n\n").find((part) => part.startsWith(`papa.${site.domain} {`));
    expect(grafana).toContain("import authelia");
    const guard = text.slice(text.indexOf("(authelia)"));
    for (const header of ["Remote-User", "Remote-Groups", "Remote-Name", "Remote-Email"]) {
      const dropped = guard.indexOf(`request_header -${header}`);
      expect(dropped).toBeGreaterThan(0);
      expect(dropped).toBeLessThan(guard.indexOf("forward_auth"));
    }
  });

  it("says nothing to the broker without a name and a password, and not from another machine", () => {
    const config = textOf("docker-vm/mosquitto", "/mosquitto/config/mosquitto.conf");
    expect(config).toMatch(/^allow_anonymous false$/m);
    expect(config).toMatch(/^password_file \S+$/m);
    const binds = service("docker-vm/mosquitto").ports?.map(({ bind }) => bind);
    expect(new Set(binds)).toEqual(new Set(["127.0.0.1"]));
  });

  it("reads and writes nothing at ntfy that he was given no right to", () => {
    expect(service("vps/ntfy").env?.["NTFY_AUTH_DEFAULT_ACCESS"]).toBe("deny-all");
  });
});
