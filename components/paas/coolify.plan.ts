import { stringify } from "yaml";
import type { ExternalUnitDeclaration } from "../../model/declared-machine.ts";
import type { VolumeDeclaration } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { copiedVolumes } from "../backup/copied-volumes.plan.ts";
import {
  routesOf,
  servedBy,
  siteName,
  type RoutedHost,
  type RouteSource,
  type ReachedAt,
} from "../edge/routes.plan.ts";
import { app } from "../../model/app.ts";

/** Network that Coolify's Traefik shares with the services it serves. */
export const COOLIFY_NETWORK = "coolify";

/** Volume through which javya-db hands over its dump. */
const JAVYA_DUMPS = "javya-db-dumps";

const BACKUP = "coolify-backup";

const FOLDER = "/data/coolify";

/** What Coolify's job has to know beside the site. */
export interface CoolifyBackupArgs {
  /** Volumes of the NAS: its job copies those that say how, for apps that have no job. */
  readonly volumes: readonly VolumeDeclaration[];
}

/** Whom Coolify's installer gives everything below its folder to (its scripts/install.sh). */
export const COOLIFY_OWNER = "9999:0";

/**
 * Coolify as its own installer lays it out. Its containers are its own: it is started when it is
 * there, asked whether it is well, and given the routes its Traefik serves.
 */
export function coolifyUnit(
  site: Site,
  hosts: readonly RoutedHost[],
  { at = "coolify" }: ReachedAt = {},
): ExternalUnitDeclaration {
  const served = routesOf(hosts).filter((source) => servedBy(source) === hostWith("storage"));
  return {
    name: "coolify",
    folder: `${FOLDER}/source`,
    // Its containers as they are. `docker compose up` would make them anew: without LATEST_IMAGE from
    // whatever release is the newest, and without its optional files over an upgraded database with
    // the old PostgreSQL (coollabsio/coolify scripts/upgrade.sh).
    start: [
      "docker",
      "start",
      "coolify-db",
      "coolify-redis",
      "coolify-realtime",
      "coolify",
      "coolify-proxy",
    ],
    health: ["docker", "exec", "coolify", "curl", "-fsS", "http://127.0.0.1:8080/api/health"],
    networks: hosts.some(joinsCoolify) ? [COOLIFY_NETWORK] : [],
    sites: [at],
    // Traefik refuses a file that lists nothing.
    ...(served.length > 0 && {
      files: { [`${FOLDER}/proxy/dynamic/homelab.yaml`]: traefikRoutes(site, served) },
    }),
    usedBy: {
      ...(hosts.some(({ services }) => services.some(({ name }) => name === BACKUP)) && {
        [BACKUP]: "copies its database dumps and keys",
      }),
      ...Object.fromEntries(
        served.map(({ service }) => [service.name, "is reached through its Traefik"]),
      ),
    },
    probes: [
      {
        name: "Coolify",
        kind: "http",
        target: `https://${at}.{domain}`,
        interval: "300s",
        tier: "warning",
      },
    ],
  };
}

function joinsCoolify({ services }: RoutedHost): boolean {
  return services.some(({ networks }) => networks.some(({ name }) => name === COOLIFY_NETWORK));
}

/** The sites that the NAS serves by itself, as Coolify's Traefik reads them. */
function traefikRoutes(site: Site, sources: readonly RouteSource[]): string {
  const routers = sources.flatMap(({ service, route }) => {
    const rule = `Host(\`${siteName(site, route)}\`)`;
    const common = { rule, service: service.name };
    return [
      [
        service.name,
        { ...common, entryPoints: ["https"], tls: { certResolver: "letsencrypt" } },
      ] as const,
      [
        `${service.name}-http`,
        { ...common, entryPoints: ["http"], middlewares: ["redirect-to-https"] },
      ] as const,
    ];
  });
  const services = sources.map(
    ({ service, route }) =>
      [
        service.name,
        { loadBalancer: { servers: [{ url: `http://${service.name}:${route.port}` }] } },
      ] as const,
  );
  const middlewares = { "redirect-to-https": { redirectScheme: { scheme: "https" } } };
  return stringify({
    http: {
      routers: Object.fromEntries<unknown>(routers),
      services: Object.fromEntries(services),
      middlewares,
    },
  });
}

/**
 * The nightly copy of Coolify's dumps, keys and settings. Coolify itself is no container of ours:
 * see coolifyUnit.
 */
export function coolifyBackup(_site: Site, args: CoolifyBackupArgs) {
  const others = copiedVolumes(args.volumes);
  return app({
    type: "homelab:paas:CoolifyBackup",
    exposes: {
      /** Healthy while its scheduler lives and the last run that was due succeeded. */
      backup: "coolify-backup",
    },
    images: [],
    networks: [{ name: "backup-net" }],
    services: [],
    jobs: [
      {
        name: BACKUP,
        stack: "paas",
        networks: ["backup-net"],
        repository: "coolify",
        schedule: "30 3 * * *",
        data: [
          { source: `${FOLDER}/backups`, target: "/data/backups" },
          { source: `${FOLDER}/ssh/keys`, target: "/data/ssh-keys" },
          // Holds .env with APP_KEY, without which a restored database cannot be read; the
          // original left it out.
          { source: `${FOLDER}/source`, target: "/data/source" },
          // What the NAS's other apps keep, and have no job of their own for.
          ...others.data,
        ],
        excludes: others.excludes,
        sqlite: others.sqlite,
        ...(args.volumes.some(({ name }) => name === JAVYA_DUMPS) && {
          dumps: { volume: JAVYA_DUMPS, of: "javya-postgres-data" },
        }),
      },
    ],
    volumes: [],
  });
}
