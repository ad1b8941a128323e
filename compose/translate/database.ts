import { databaseDump, type DatabaseDumpArgs } from "../../components/data/database-dump.plan.ts";
import { hasRole } from "../../model/host-names.ts";
import { hasSecret } from "../secrets/vault.ts";
import { Code, type Printable } from "../write/code.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";
import type { TranslatedImage } from "./image.ts";
import type { DraftVolume } from "./volumes.ts";

/** A PostgreSQL that dumps its database for the nightly copy. */
export interface DraftDatabase {
  readonly container: string;
  /** Arguments of databaseDump. */
  readonly dump: DatabaseDumpArgs;
  /** What the dump adds to the declaration of its container. */
  readonly fields: Readonly<Record<"entrypoint" | "command" | "mount" | "file" | "volume", Code>>;
  /** Secret that its role follows, if it has one. */
  readonly secret: string | undefined;
}

/**
 * Below it PostgreSQL keeps its data: mounted as data/ up to version 17, as this folder from 18 on.
 */
const DATA = "/var/lib/postgresql";
/** The constant of a plan that holds the parts for the dump. */
const DUMP = "DUMP";
/** When the app's own job copies, in the site's time zone. */
const SCHEDULE = "30 3 * * *";

/** The database in a service, where it is one that can be dumped; its files are no copy while it runs. */
export function draftDatabase(
  service: ComposeService,
  image: TranslatedImage,
  context: Context,
): DraftDatabase | undefined {
  const { environment, fields } = service;
  const role = environment["POSTGRES_USER"] ?? "postgres";
  const database = environment["POSTGRES_DB"] ?? role;
  // The VPS is on the internet, and all that it has is copied by one job.
  const isPlain =
    ![role, database, ...(fields.command ?? [])].some(hasSecret) && fields.entrypoint === undefined;
  if (
    image.known?.database !== "postgres" ||
    hasRole(context.house.host, "coordinator") ||
    !isPlain
  ) {
    return undefined;
  }
  const container = context.names.container(service.name);
  const server = ["docker-entrypoint.sh", ...(fields.command ?? ["postgres"])];
  const dump = { service: container, database, role, server };
  const parts = databaseDump(dump);
  const part = (name: keyof typeof parts) => new Code(`${DUMP}.${name}`, parts[name]);
  const password = environment["POSTGRES_PASSWORD"];
  return {
    container,
    dump,
    fields: {
      entrypoint: part("entrypoint"),
      command: part("command"),
      mount: part("mount"),
      file: part("file"),
      volume: part("volume"),
    },
    secret: password === undefined ? undefined : context.vault.nameOf(password),
  };
}

/** Whether a mount of a service is the data of its database. */
export function isDatabaseFolder(target: string, image: TranslatedImage): boolean {
  switch (image.known?.database) {
    case "postgres":
      return target.startsWith(DATA);
    case "other":
      return /^\/(var\/lib\/(mysql|postgresql)|data\/(db|configdb)|bitnami)/.test(target);
    default:
      return false;
  }
}

/** The job that copies the dump and the app's files together, so that they fit each other: a CopyJob. */
export function draftJob(
  { container, fields }: DraftDatabase,
  volumes: readonly DraftVolume[],
  network: string,
  { house, names }: Context,
): Printable {
  const { name: dumps } = fields.volume.value as { name: string };
  return {
    name: `${names.app}-backup`,
    stack: new Code("STACK", house.domain),
    networks: [network],
    repository: names.app,
    schedule: SCHEDULE,
    data: volumes
      .filter(({ kind }) => kind === "files")
      .map(({ name }) => ({ volume: name, target: `/data/${name}` })),
    dumps: { volume: dumps, of: volumes.find(({ kind }) => kind === "dumped")?.name },
    ...(hasRole(house.host, "storage") && { watchUpdates: false }),
    requires: [{ on: container, condition: "healthy", strength: "hard" }],
  };
}
