import { Connection } from "../../../programs/uptime/connection.ts";
import type { HostName } from "../../../model/host-names.ts";
import type { SecretName } from "../../../model/secrets.ts";
import type { Site } from "../../../model/site.ts";
import { forwardedPort } from "./forwarded-port.ts";
import { on, tryOn, type Lab } from "./lab.ts";

/** Where a door is tried. */
export interface Place {
  readonly lab: Lab;
  readonly site: Site;
}

/** The values of all secrets at one moment. */
export type Values = (name: SecretName) => string;

/** What a secret opens, and how one finds out in the sandbox whether it does. */
export interface Door {
  /** For the test's name. */
  readonly what: string;
  /** What somebody holds who knows the secrets of this moment. @default the secret itself */
  readonly key?: (place: Place, values: Values) => Promise<string>;
  readonly opens: (place: Place, key: string) => Promise<boolean>;
}

/** Every secret that a deployment rotates, by what it opens in the sandbox. */
export const DOORS: Readonly<Record<SecretName, Door>> = {
  "adguard-password": {
    what: "AdGuard Home's interface",
    opens: async ({ lab, site }, password) => {
      const address = await on(
        lab,
        "vps",
        "docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' adguard",
      );
      const url = `http://${address}:3000/control/rewrite/list`;
      return isAllowed(lab, "vps", { url, user: `${site.adminUser}:${password}` });
    },
  },
  "ntfy-token": {
    what: "publishing at ntfy as Alertmanager does",
    opens: ({ lab }, token) =>
      isAllowed(lab, "vps", {
        url: `${NTFY}/cronova-test`,
        header: `Authorization: Bearer ${token}`,
        data: "rotated",
      }),
  },
  "ntfy-admin-password": {
    what: "reading at ntfy",
    opens: ({ lab, site }, password) =>
      isAllowed(lab, "vps", {
        url: `${NTFY}/cronova-test/auth`,
        user: `${site.adminUser}:${password}`,
      }),
  },
  "ntfy-watchtower-password": {
    what: "publishing at ntfy as Watchtower does",
    opens: ({ lab }, password) =>
      isAllowed(lab, "vps", {
        url: `${NTFY}/cronova-test`,
        user: `watchtower:${password}`,
        data: "rotated",
      }),
  },
  "uptime-kuma-password": {
    what: "Uptime Kuma's page",
    opens: async ({ lab, site }, password) => {
      const port = await forwardedPort(lab, "vps", 3001);
      const connection = await Connection.open(`http://127.0.0.1:${port.number}`);
      try {
        await connection.signIn({ user: site.adminUser, password }, undefined);
        return true;
      } catch (error) {
        if (error instanceof Error && error.message.includes("refuses")) return false;
        throw error;
      } finally {
        connection.close();
        await port.close();
      }
    },
  },
  "restic-vps-password": resticAccount("vps", "homelab", ({ hosts }) => hosts.vps.mesh),
  "vps-backup-login": resticAccount("nas", "vps", () => "127.0.0.1"),
  "restic-http-password": resticAccount("nas", "homelab", () => "127.0.0.1"),
  "samba-password": {
    what: "the NAS's shares",
    opens: async ({ lab, site }, password) => {
      const list = `umask 077; cat >/tmp/login; smbclient --authentication-file=/tmp/login //127.0.0.1/media -c ls; code=$?; rm /tmp/login; exit $code`;
      const { code } = await tryOn(
        lab,
        "nas",
        `docker exec --interactive samba sh -c '${list}' <<'END'
username = ${site.adminUser}
password = ${password}
END`,
      );
      return code === 0;
    },
  },
  "javya-db-password": databaseRole("nas", "javya-db", "javya"),
  "paperless-db-password": databaseRole("docker-vm", "paperless-db", "paperless"),
  "immich-db-password": databaseRole("docker-vm", "immich-db", "immich"),
  "mqtt-frigate-password": {
    what: "the MQTT broker as Frigate",
    opens: async ({ lab }, password) => {
      const publish = `read -r password; mosquitto_pub -h 127.0.0.1 -t test/rotated -m x -u frigate -P "$password"`;
      const { code } = await tryOn(
        lab,
        "docker-vm",
        `docker exec --interactive mosquitto sh -c '${publish}' <<'END'\n${password}\nEND`,
      );
      return code === 0;
    },
  },
  "authelia-admin-password": {
    what: "Authelia's sign-in",
    opens: async (place, password) => (await signIn(place, password)) !== undefined,
  },
  "authelia-session": {
    what: "Authelia's check of a session that was opened before",
    key: async (place, values) => (await signIn(place, values("authelia-admin-password"))) ?? "",
    opens: ({ lab, site }, session) =>
      isAllowed(lab, "docker-vm", {
        url: `${AUTHELIA}/api/authz/forward-auth`,
        header: [
          `Cookie: ${session}`,
          "X-Forwarded-Method: GET",
          "X-Forwarded-Proto: https",
          `X-Forwarded-Host: papa.${site.domain}`,
          "X-Forwarded-Uri: /",
        ],
      }),
  },
};

/** Secrets that a deployment rotates and that open nothing in the sandbox, with the reason. */
export const WITHOUT_DOOR: Readonly<Record<SecretName, string>> = {
  "label-key":
    "opens nothing anywhere: it only tells which containers have other secrets than before",
  "authelia-jwt": "opens nothing while Authelia lets nobody reset a password in its page",
  "pihole-password": "the stand-in of Pi-hole reads it and asks nobody for it",
  "vaultwarden-admin-token": "the stand-in of Vaultwarden reads it and has no admin page",
  "paperless-secret-key": "the stand-in of Paperless reads it and signs nothing",
  "javya-secret-key": "the stand-in of Javya reads it and signs nothing",
};

const NTFY = "http://127.0.0.1:8080";
const AUTHELIA = "http://127.0.0.1:9091";

/** A question to a web server; everything in it travels on standard input. */
interface Question {
  readonly url: string;
  /** "name:password" */
  readonly user?: string;
  readonly header?: string | readonly string[];
  readonly data?: string;
}

/** Options of curl as its configuration file has them, for the script that runs on the host. */
function curl(question: Question, ...options: string[]): string {
  const lines = Object.entries(question).flatMap(([option, values]: [string, string | string[]]) =>
    [values].flat().map((value) => `${option} = ${JSON.stringify(value)}`),
  );
  return `curl --silent --show-error --output /dev/null ${options.join(" ")} --config - <<'END'\n${lines.join("\n")}\nEND`;
}

/** Whether a web server lets in who asks so. What is not there is a mistake of the test's. */
async function isAllowed(lab: Lab, host: HostName, question: Question): Promise<boolean> {
  const status = Number(await on(lab, host, curl(question, "--write-out '%{http_code}'")));
  if (status >= 200 && status < 300) return true;
  if ([302, 401, 403].includes(status)) return false;
  throw new Error(`${question.url} answers ${status}`);
}

/** An account of a restic server: who may come in is told that the file is not there. */
function resticAccount(host: HostName, user: string, at: (site: Site) => string): Door {
  return {
    what: `the account "${user}" of the ${host}'s restic server`,
    opens: async ({ lab, site }, password) => {
      const url = `http://${at(site)}:8000/${user}/none/config`;
      const asked = curl({ url, user: `${user}:${password}` }, "--write-out '%{http_code}'");
      const status = await on(lab, host, asked);
      if (status !== "404" && status !== "401") throw new Error(`${url} answers ${status}`);
      return status === "404";
    },
  };
}

/** A role of PostgreSQL over the network, as its app comes; the loopback lets everybody in. */
function databaseRole(host: HostName, service: string, role: string): Door {
  return {
    what: `the role "${role}" of ${service}`,
    opens: async ({ lab }, password) => {
      const ask = `read -r PGPASSWORD; export PGPASSWORD; psql -h ${service} -U ${role} -d ${role} -tAc "select 41 + 1"`;
      const { code, output } = await tryOn(
        lab,
        host,
        `docker exec --interactive ${service} sh -c '${ask}' <<'END'\n${password}\nEND`,
      );
      if (code === 0) return true;
      if (output.includes("password authentication failed")) return false;
      throw new Error(`${service} answers: ${output}`);
    },
  };
}

/** Signs in at Authelia as the site's first user; answers the cookie, or nothing when refused. */
async function signIn({ lab, site }: Place, password: string): Promise<string | undefined> {
  const question = {
    url: `${AUTHELIA}/api/firstfactor`,
    header: "Content-Type: application/json",
    data: JSON.stringify({ username: site.adminUser, password }),
  };
  const headers = await on(lab, "docker-vm", curl(question, "--dump-header -"));
  return /^set-cookie: ([^;\r\n]+)/im.exec(headers)?.[1];
}
