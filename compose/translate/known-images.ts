/** What is publicly written about an image, where no contract of the catalogue says it. */
export interface KnownImage {
  /** Without a tag; one that ends in "/" is about all below it. */
  readonly repository: string;
  /** How it takes a value from a file: what stands before or after a variable's name. */
  readonly secretFile?: { readonly before?: string; readonly after?: string };
  /** A check with a program of the image, where the Compose file has none. */
  readonly check?: (environment: Readonly<Record<string, string>>) => readonly string[];
  /** Time to write everything down when it is stopped. */
  readonly stopGrace?: "120s";
  /** Its files are no copy while it runs. "postgres": it is dumped; "other": nothing here does. */
  readonly database?: "postgres" | "other";
  /** What has its place here already: the household's own does the same. */
  readonly replacedBy?: string;
}

const AFTER = { after: "_FILE" } as const;

const postgres = {
  secretFile: AFTER,
  check: ({ POSTGRES_USER: user = "postgres", POSTGRES_DB: database = user }) => [
    "CMD",
    "pg_isready",
    "-h",
    "127.0.0.1",
    "-U",
    user,
    "-d",
    database,
  ],
  stopGrace: "120s",
  database: "postgres",
} satisfies Omit<KnownImage, "repository">;

const mariadb = {
  secretFile: AFTER,
  check: () => ["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"],
  stopGrace: "120s",
  database: "other",
} satisfies Omit<KnownImage, "repository">;

const redis = (client: string) => ({ check: () => ["CMD", client, "ping"] });

const PROXY = "the household's reverse proxy";

/**
 * Images of many homes. Files for secrets: the pages of the official images, "Docker Secrets";
 * docs.linuxserver.io/general/fleet and /FILE__; docs.n8n.io, "_FILE"; miniflux.app/docs/docker;
 * grafana.com, "Configure Grafana", "__FILE". Checks: the same pages, and each project's Compose file.
 */
const KNOWN_IMAGES: readonly KnownImage[] = [
  { repository: "docker.io/library/postgres", ...postgres },
  { repository: "docker.io/pgvector/pgvector", ...postgres },
  { repository: "docker.io/postgis/postgis", ...postgres },
  { repository: "docker.io/library/mariadb", ...mariadb },
  {
    repository: "docker.io/library/mysql",
    ...mariadb,
    // Answers as soon as the server does, whoever asks.
    check: () => ["CMD", "mysqladmin", "ping", "-h", "127.0.0.1"],
  },
  {
    repository: "docker.io/library/mongo",
    secretFile: AFTER,
    check: () => ["CMD", "mongosh", "--quiet", "--eval", "db.runCommand('ping').ok"],
    stopGrace: "120s",
    database: "other",
  },
  { repository: "docker.io/library/redis", ...redis("redis-cli") },
  { repository: "docker.io/valkey/valkey", ...redis("valkey-cli") },
  { repository: "docker.io/library/nextcloud", secretFile: AFTER },
  { repository: "docker.io/library/wordpress", secretFile: AFTER },
  { repository: "docker.io/grafana/grafana", secretFile: { after: "__FILE" } },
  { repository: "docker.io/miniflux/miniflux", secretFile: AFTER },
  { repository: "docker.io/n8nio/n8n", secretFile: AFTER },
  { repository: "docker.n8n.io/n8nio/n8n", secretFile: AFTER },
  { repository: "docker.io/vaultwarden/server", secretFile: AFTER },
  { repository: "ghcr.io/paperless-ngx/paperless-ngx", secretFile: AFTER },
  { repository: "ghcr.io/immich-app/immich-server", secretFile: AFTER },
  { repository: "ghcr.io/immich-app/postgres", ...postgres, database: "other" },
  { repository: "lscr.io/linuxserver/", secretFile: { before: "FILE__" } },
  { repository: "docker.io/linuxserver/", secretFile: { before: "FILE__" } },
  { repository: "ghcr.io/linuxserver/", secretFile: { before: "FILE__" } },
  { repository: "docker.io/library/traefik", replacedBy: PROXY },
  { repository: "docker.io/nginxproxy/nginx-proxy", replacedBy: PROXY },
  { repository: "docker.io/nginxproxy/acme-companion", replacedBy: PROXY },
  { repository: "docker.io/jwilder/nginx-proxy", replacedBy: PROXY },
  { repository: "docker.io/lucaslorentz/caddy-docker-proxy", replacedBy: PROXY },
  { repository: "docker.io/containrrr/watchtower", replacedBy: "`npx homelab images lock`" },
  { repository: "ghcr.io/containrrr/watchtower", replacedBy: "`npx homelab images lock`" },
];

/** What is known of an image by its repository. */
export function knownImage(repository: string): KnownImage | undefined {
  return KNOWN_IMAGES.find((known) =>
    known.repository.endsWith("/")
      ? repository.startsWith(known.repository)
      : repository === known.repository,
  );
}
