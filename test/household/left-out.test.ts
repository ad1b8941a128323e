import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { declareFleet } from "../../household/fleet.plan.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import { contractsOf } from "../../model/image-catalogue.ts";
import { findProblems } from "../../model/validate.ts";
import { site } from "../support/site.ts";
import { recordStack } from "../support/stack-program.ts";

/**
 * Apps that others of this home cannot be without, and what a person is told who leaves one out:
 * who needs it, with where that stands.
 */
const NEEDED: Readonly<Record<string, RegExp>> = {
  "vps/headscale": /^vps\.caddy\.requires\[0\]: "headscale" is not declared on vps$/m,
  "vps/caddy":
    /^vps has no reverse proxy, .*: vps\/headscale \(.*\), .*, vps\/uptime-kuma \(status\.home\.example\)$/m,
  "vps/ntfy": /^docker-vm\.alertmanager\.requires\[0\]: "ntfy" is not declared on vps$/m,
  "nas/restic-rest":
    /^docker-vm\.immich-backup\.requires\[1\]: "restic-rest" is not declared on nas$/m,
  "nas/forgejo":
    /^nas\.samba\.mounts\[1\]: no backup job copies \/srv\/data, which samba writes; /m,
  "nas/coolify-backup":
    /^nas\.volumes\.rclone-config: must .* \(data of offsite-sync, left to the app that copies /m,
  "docker-vm/caddy":
    /^docker-vm has no reverse proxy, .*: nas\/forgejo \(git\..*, docker-vm\/radarr \(.*\)$/m,
  "docker-vm/mosquitto":
    /^docker-vm\.homeassistant\.requires\[0\]: "mosquitto" is not declared on docker-vm$/m,
  "docker-vm/home-assistant":
    /^docker-vm\.volumes\.mosquitto-config: .* \(data of mosquitto, left to "homeassistant-backup", /m,
  "docker-vm/vaultwarden":
    /^docker-vm\.volumes\.frigate-faces: .* \(data of frigate, left to "vaultwarden-backup", /m,
  "docker-vm/authelia":
    /^docker-vm has no Authelia, .*: docker-vm\/dozzle \(.*docker-vm\/radarr \(taanga\.home\.example\)$/m,
  "docker-vm/victoriametrics":
    /^docker-vm\.grafana\.requires\[0\]: "victoriametrics" is not declared on docker-vm$/m,
  "docker-vm/alertmanager":
    /^docker-vm\.vmalert\.requires\[1\]: "alertmanager" is not declared on docker-vm$/m,
  "docker-vm/prowlarr":
    /^docker-vm\.sonarr\.requires\[0\]: "prowlarr" is not declared on docker-vm$/m,
};

const fleet = declareFleet(site);
const apps = HOSTS.flatMap((host) =>
  Object.keys(fleet[host].apps).map((name) => ({ host, name, app: `${host}/${name}` })),
);

/** What a person is told who deletes the line of an app. */
function told(app: string): string[] {
  try {
    const left = declareFleet(site, [app]);
    const hosts = HOSTS.map((host) => left[host].declaration);
    const problems = findProblems(hosts, contractsOf(hosts));
    return problems.map(({ path, message }) => `${path}: ${message}`);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const [, ...lines] = error.message.split("\n");
    return lines.map((line) => line.trim());
  }
}

describe("leaving an app out", () => {
  it.each(Object.entries(NEEDED))("says who needs %s", (app, line) => {
    expect(told(app).join("\n")).toMatch(line);
  });

  it.each(["vps/caddy", "docker-vm/caddy", "docker-vm/authelia"])(
    "is one line that names all who need %s",
    (app) => {
      expect(told(app)).toHaveLength(1);
    },
  );

  it("says whose secret nobody brings any more", () => {
    expect(told("vps/ntfy")).toContain(
      'docker-vm.watchtower.files[0]: "ntfy-watchtower-password" is a secret that no app of the household brings',
    );
  });

  it.each(apps.filter(({ app }) => !(app in NEEDED)))(
    "makes everything else as if $app had never been there",
    async ({ host, name, app }) => {
      expect(told(app)).toEqual([]);
      // What is declared as before is made as before, on whatever host.
      const left = declareFleet(site, [app]);
      const isOther = (one: HostName) => !isDeepStrictEqual(left[one], fleet[one]);
      expect(isOther(host)).toBe(true);
      for (const one of HOSTS.filter(isOther)) {
        const resources = await recordStack(one, { without: [app] });
        const made = resources.filter(({ name }) => name.endsWith("-app")).map(({ name }) => name);
        const apps = Object.keys(fleet[one].apps).map((each) => `${each}-app`);
        const kept = one === host ? apps.filter((each) => each !== `${name}-app`) : apps;
        expect(made.sort(), one).toEqual(kept.sort());
      }
    },
  );
});
