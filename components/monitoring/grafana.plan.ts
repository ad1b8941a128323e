import { stringify } from "yaml";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { IDENTITY_HEADERS, VOUCHED_NETWORK } from "../edge/vouched-network.plan.ts";
import {
  MONITORING_NETWORK,
  MONITORING_STACK,
  VICTORIAMETRICS_URL,
  wgetHealth,
} from "./monitoring-service.plan.ts";
import { GRAFANA_12_4_IMAGE } from "./grafana.image.ts";
import { app } from "../../model/app.ts";
import type { ReachedAt } from "../edge/routes.plan.ts";
import { byHand, generated, type Secrets } from "../../model/secrets.ts";

const PASSWORD = "/run/secrets/admin-password";

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  // GF_SECURITY_ADMIN_PASSWORD counts when Grafana makes its database.
  "grafana-admin-password": byHand(generated("Grafana's first user"), {
    steps: [
      `pulumi up -s ${hostWith("home")}, which alone changes nothing: Grafana reads it at its first start only`,
      `ssh ${hostWith("home")} 'docker exec grafana sh -c "grafana cli admin reset-admin-password --password-from-stdin < /run/secrets/admin-password"'`,
    ],
  }),
};

/**
 * Grafana. It reads by its built-in Prometheus data source; a plugin would be downloaded at every
 * start, and so it starts without the internet.
 */
export function grafana(site: Site, { at = "grafana" }: ReachedAt = {}) {
  return app({
    type: "homelab:monitoring:Grafana",
    exposes: {
      /** Web page and API. */
      server: "grafana",
    },
    images: [GRAFANA_12_4_IMAGE],
    networks: [{ name: MONITORING_NETWORK }],
    services: [
      {
        ...MONITORING_STACK,
        name: "grafana",
        image: GRAFANA_12_4_IMAGE.reference,
        env: {
          TZ: site.timezone,
          // The image's run.sh reads variables that end in __FILE, as its own user.
          GF_SECURITY_ADMIN_PASSWORD__FILE: PASSWORD,
          // The person whom Authelia calls so is the admin. Read at the first start only.
          GF_SECURITY_ADMIN_USER: site.adminUser,
          GF_SERVER_ROOT_URL: `https://${at}.${site.domain}`,
          GF_AUTH_PROXY_ENABLED: "true",
          GF_AUTH_PROXY_HEADER_NAME: IDENTITY_HEADERS.user,
          GF_AUTH_PROXY_HEADER_PROPERTY: "username",
          GF_AUTH_PROXY_AUTO_SIGN_UP: "true",
          // Without it Grafana believes every neighbour who sends the header.
          GF_AUTH_PROXY_WHITELIST: VOUCHED_NETWORK.proxy,
          GF_AUTH_PROXY_HEADERS: `Email:${IDENTITY_HEADERS.email} Name:${IDENTITY_HEADERS.name}`,
        },
        networks: [
          { name: MONITORING_NETWORK },
          { name: VOUCHED_NETWORK.name, address: VOUCHED_NETWORK.grafana },
        ],
        ports: [{ bind: "127.0.0.1", host: 3000, container: 3000, protocol: "tcp" }],
        mounts: [{ kind: "volume", volume: "grafana-data", target: "/var/lib/grafana" }],
        files: [
          { target: PASSWORD, content: { kind: "secret", secret: "grafana-admin-password" } },
          {
            target: "/etc/grafana/provisioning/datasources/victoriametrics.yaml",
            content: { kind: "text", text: dataSources() },
          },
        ],
        health: { ...wgetHealth(3000, "/api/health"), startPeriod: "60s" },
        limits: { memory: "512MiB", cpus: 1 },
        requires: [{ on: "victoriametrics", condition: "healthy", strength: "hard" }],
        watchUpdates: true,
        routes: [{ name: at, port: 3000, auth: true }],
        probes: [
          {
            name: "Grafana",
            kind: "http",
            target: `https://${at}.{domain}`,
            interval: "5m",
            tier: "info",
          },
        ],
        scrapes: [{ job: "grafana", port: 3000 }],
        tile: {
          group: "Monitoring",
          title: "Grafana",
          description: "Dashboards",
          icon: "grafana.png",
        },
      },
    ],
    secrets: SECRETS,
    // Whoever Authelia vouches for and Grafana does not know becomes a viewer there.
    renamingUser: [
      "Grafana, as {former} in its page: Administration, Users and access, Users: New user with the username {next}; then in it Permissions, Grafana Admin: Yes, and the role Admin in its organisation. {former} stays, as the one who has grafana-admin-password",
    ],
    volumes: [{ name: "grafana-data", copied: { at: "/data/grafana", databases: ["grafana.db"] } }],
  });
}

/** The data source that Grafana finds at its start. */
export function dataSources(): string {
  return stringify({
    apiVersion: 1,
    datasources: [
      {
        name: "VictoriaMetrics",
        type: "prometheus",
        access: "proxy",
        url: VICTORIAMETRICS_URL,
        isDefault: true,
        editable: false,
      },
    ],
  });
}
