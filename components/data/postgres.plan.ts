import type { AppService, VolumeDeclaration } from "../../model/declaration.ts";
import type { SecretName } from "../../model/secrets.ts";
import type { Site } from "../../model/site.ts";
import type { Bytes } from "../../model/units.ts";
import { databaseDump } from "./database-dump.plan.ts";

/** The PostgreSQL of one app. */
export interface PostgresArgs {
  /** Container name, e.g. "paperless-db". */
  readonly name: string;
  /** Stack of the app it belongs to. */
  readonly stack: string;
  readonly image: string;
  /** What the image would run: its entrypoint and command. */
  readonly server: readonly string[];
  /** Name of the database and of the role that owns it. */
  readonly database: string;
  /** The role's password. */
  readonly secret: SecretName;
  /** Options for the making of the data folder, e.g. "--data-checksums". @default none */
  readonly initdbArgs?: string;
  /** Volume of its data. @default "<name>-data" */
  readonly volume?: string;
  /** Network that the app reaches it by. */
  readonly network: string;
  /** Further names in that network. @default none */
  readonly aliases?: readonly string[];
  readonly memory: Bytes;
  /** Size of /dev/shm, which parallel queries share. @default the engine's 64 MiB */
  readonly sharedMemory?: Bytes;
  readonly cpus: number;
  readonly category: string;
}

/** A declared PostgreSQL and what belongs to it. */
export interface Postgres {
  readonly service: AppService;
  /** Its data, and the way of its dumps into the nightly copy. */
  readonly volumes: readonly VolumeDeclaration[];
  /** What a backup sidecar is told to have the database copied. */
  readonly dumps: { readonly volume: string; readonly of: string };
}

/** Where every declared PostgreSQL has its data. */
export const DATA_FOLDER = "/var/lib/postgresql/data";

/**
 * What PostgreSQL needs under an init process. KILL: that one is root, and passes the stop signal on
 * to a server that is not.
 */
export const POSTGRES_CAPABILITIES: readonly string[] = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "KILL",
  "SETGID",
  "SETUID",
];

const PASSWORD_FILE = "/run/secrets/db-password";

/** Declares a PostgreSQL that has one role and one database, and dumps it when its sidecar asks. */
export function postgres(site: Site, args: PostgresArgs): Postgres {
  const { name, database } = args;
  const data = args.volume ?? `${name}-data`;
  const dump = databaseDump({ service: name, database, role: database, server: args.server });
  return {
    service: {
      name,
      stack: args.stack,
      image: args.image,
      entrypoint: dump.entrypoint,
      command: dump.command,
      init: dump.init,
      env: {
        TZ: site.timezone,
        POSTGRES_USER: database,
        POSTGRES_DB: database,
        POSTGRES_PASSWORD_FILE: PASSWORD_FILE,
        ...(args.initdbArgs === undefined ? {} : { POSTGRES_INITDB_ARGS: args.initdbArgs }),
      },
      networks: [{ name: args.network, ...(args.aliases && { aliases: args.aliases }) }],
      mounts: [{ kind: "volume", volume: data, target: DATA_FOLDER }, dump.mount],
      files: [
        dump.file,
        { target: PASSWORD_FILE, content: { kind: "secret", secret: args.secret } },
      ],
      health: {
        // Over TCP: while the image sets the database up, its server answers on the socket only.
        test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", database, "-d", database],
        timeout: "5s",
        retries: 5,
        startPeriod: "60s",
      },
      limits: { memory: args.memory, cpus: args.cpus },
      ...(args.sharedMemory === undefined ? {} : { sharedMemory: args.sharedMemory }),
      capabilities: POSTGRES_CAPABILITIES,
      stopGrace: "120s",
      category: args.category,
      databaseRole: { role: database, database, secret: args.secret },
    },
    volumes: [{ name: data, neverLose: true }, dump.volume],
    dumps: { volume: dump.volume.name, of: data },
  };
}
