import { POSTGRES_CAPABILITIES } from "../../components/data/postgres.plan.ts";
import { Code, noted, type Printable } from "../write/code.ts";
import type { ComposeService } from "../resolve/project.ts";
import { markDatabase } from "./database-copy.ts";
import { draftDatabase, type DraftDatabase } from "./database.ts";
import type { Context } from "./context.ts";
import { translateEnvironment } from "./environment.ts";
import { translateHealth } from "./health.ts";
import { translateImage, type TranslatedImage } from "./image.ts";
import { translateLimits } from "./limits.ts";
import { translateMounts, type MountBooks } from "./mounts.ts";
import { translateNetworks } from "./networks.ts";
import { tellTheRest, translateLogs } from "./other.ts";
import { translatePorts } from "./ports.ts";
import { translateDevices, translateRequires } from "./requires.ts";
import { translateRights } from "./rights.ts";
import { translateRoutes, type TranslatedRoute } from "./routes.ts";
import { translateStart } from "./start.ts";
import { translateTile } from "./tile.ts";

/** A service as a plan is going to declare it. */
export interface DraftService {
  /** Name in the Compose file. */
  readonly composed: string;
  /** Name of its container. */
  readonly container: string;
  readonly image: TranslatedImage;
  readonly routes: readonly TranslatedRoute[];
  /** Its declaration, in the order of the house. */
  readonly fields: Readonly<Record<string, Printable>>;
  readonly database: DraftDatabase | undefined;
  /** Keys of the networks that the app has to have for it. */
  readonly networks: readonly string[];
}

/** What a service is translated with beside what all share. */
export interface ServiceOptions extends MountBooks {
  /** Services of the file that are imported. */
  readonly chosen: ReadonlySet<string>;
  /** Name of the app's one site, if it has one. */
  readonly at: string | undefined;
  /** The sites of all services. */
  readonly sites: readonly TranslatedRoute[];
  /** The app has a database already that is dumped. */
  readonly hasDump: boolean;
}

/** The declaration of a service, part by part. */
export function translateService(
  service: ComposeService,
  options: ServiceOptions,
  context: Context,
): DraftService {
  const { names, house } = context;
  const { fields } = service;
  const image = translateImage(service, context);
  const routes = translateRoutes(service, context);
  const isRouted = routes.length > 0;
  const networks = translateNetworks(service, isRouted, context);
  const mounts = translateMounts(service, options, context);
  const environment = translateEnvironment(service, image, options, context);
  const database = options.hasDump ? undefined : draftDatabase(service, image, context);
  const env = {
    ...(mounts.wantsTimezone && { TZ: new Code("site.timezone", house.site.timezone) }),
    ...environment.env,
  };
  markDatabase(service, image, mounts.mounts, database !== undefined, options.volumes, context);
  const rights = translateRights(service, image, context);
  const ports = translatePorts(service, routes, context);
  const start = translateStart(service, environment.start, database, options, context);
  const files = [...start.files, ...mounts.files, ...environment.files];
  const all = [...mounts.mounts, ...(database ? [database.fields.mount] : [])];
  const tile = translateTile(service, context);
  tellTheRest(service, context);
  return {
    composed: service.name,
    container: names.container(service.name),
    image,
    routes,
    database,
    networks: networks.own,
    fields: {
      name: names.container(service.name),
      stack: new Code("STACK", house.domain),
      // What is asked about an image whose contract is written stands there.
      image: noted(
        image.entry ? image.notes : [],
        new Code(`${image.constant}.reference`, image.reference),
      ),
      entrypoint: start.entrypoint,
      command: start.command,
      user: rights["user"],
      env: Object.keys(env).length > 0 ? env : undefined,
      networks: networks.joined,
      ports: ports.length > 0 ? ports.map((port) => ({ ...port })) : undefined,
      mounts: all.length > 0 ? all : undefined,
      files: files.length > 0 ? files : undefined,
      health: translateHealth(service, image, context),
      limits: translateLimits(service, image, context),
      ...rights,
      ...(database && { capabilities: POSTGRES_CAPABILITIES, init: true }),
      devices: translateDevices(service, context),
      hostname: fields.hostname,
      extraHosts: fields.extra_hosts,
      sharedMemory: fields.shm_size,
      stopGrace: fields.stop_grace_period ?? image.known?.stopGrace,
      logs: translateLogs(service, context),
      requires: translateRequires(service, options.chosen, mounts.gates, isRouted, context),
      category: new Code("STACK", house.domain),
      databaseRole: database?.secret && {
        role: database.dump.role,
        database: database.dump.database,
        secret: database.secret,
      },
      routes: isRouted ? routes.map((route) => routeOf(route, options.at)) : undefined,
      tile: tile && { ...tile },
    },
  };
}

function routeOf(
  { name, port, https, auth, notes }: TranslatedRoute,
  at: string | undefined,
): Printable {
  return noted(notes, {
    name: at === name ? new Code("at", name) : name,
    port,
    ...(https && { scheme: "https" }),
    ...(auth && { auth }),
  });
}
