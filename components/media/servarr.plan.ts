import type {
  MountDeclaration,
  Requirement,
  AppService,
  VolumeDeclaration,
} from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import type { Bytes } from "../../model/units.ts";
import type { SharedFolder } from "../core/shared-folder.plan.ts";

/**
 * What the LinuxServer images need to become the household's user and, as root's supervisor, to
 * tell that user's process to end (KILL).
 */
export const LINUXSERVER_CAPABILITIES = [
  "CHOWN",
  "DAC_OVERRIDE",
  "KILL",
  "SETGID",
  "SETUID",
] as const;

/** Stack of all media apps. */
export const MEDIA_STACK = { stack: "media" } as const;

/** User of the files on the NAS, which the LinuxServer images switch to. */
export const MEDIA_USER = { PUID: "1000", PGID: "1000" } as const;

/** The films and series. */
export interface MediaFolder {
  /** As the apps find them; writable, because imports put files there. */
  readonly media: SharedFolder;
}

/** The downloads, finished and running. */
export interface DownloadsFolder {
  readonly downloads: SharedFolder;
}

/** Mounts films and series. */
export function mediaMount({ media }: MediaFolder) {
  return mountAt("/media", media);
}

/** Mounts downloads. */
export function downloadsMount({ downloads }: DownloadsFolder) {
  return mountAt("/downloads", downloads);
}

function mountAt(target: string, { path, notCopied }: SharedFolder) {
  return {
    kind: "bind",
    source: path,
    target,
    ...(notCopied === undefined ? {} : { notCopied }),
  } as const satisfies MountDeclaration;
}

/** Waits for films and series. */
export function needsMedia({ media }: MediaFolder): Requirement {
  return {
    on: media.gate,
    condition: "healthy",
    strength: "hard",
    why: "would take an absent mount for an empty library",
  };
}

/** Waits for downloads. */
export function needsDownloads({ downloads }: DownloadsFolder): Requirement {
  return {
    on: downloads.gate,
    condition: "healthy",
    strength: "hard",
    why: "would write into the mount point below an absent mount",
  };
}

/** What a program that sorts finished downloads into the library mounts and waits for. */
export function sortsDownloads(
  folders: MediaFolder & DownloadsFolder,
): Pick<ServarrArgs, "mounts" | "requires"> {
  return {
    mounts: [mediaMount(folders), downloadsMount(folders)],
    requires: [
      { on: "prowlarr", condition: "healthy", strength: "hard", why: "brings its indexers" },
      { on: "qbittorrent", condition: "started", strength: "soft", why: "downloads for it" },
      needsMedia(folders),
      needsDownloads(folders),
    ],
  };
}

/** One of the programs of the Servarr family, which are built and run alike. */
export interface ServarrArgs {
  /** Container name, e.g. "sonarr". */
  readonly name: string;
  readonly image: string;
  readonly port: number;
  /** Name below the site's domain. */
  readonly route: string;
  readonly mounts: readonly MountDeclaration[];
  readonly requires: readonly Requirement[];
  readonly memory: Bytes;
  readonly cpus: number;
  readonly title: string;
  readonly description: string;
}

/** The declaration of a Servarr program. */
export function servarr(site: Site, args: ServarrArgs): AppService {
  return {
    ...MEDIA_STACK,
    name: args.name,
    image: args.image,
    env: { TZ: site.timezone, ...MEDIA_USER },
    // The proxy is on this network and needs no port of the host; the one below is for the host itself.
    networks: [{ name: "media-net" }],
    ports: [{ bind: "127.0.0.1", host: args.port, container: args.port, protocol: "tcp" }],
    mounts: [{ kind: "volume", volume: `${args.name}-config`, target: "/config" }, ...args.mounts],
    health: {
      test: ["CMD", "curl", "-fsS", "-o", "/dev/null", `http://localhost:${args.port}/ping`],
      startPeriod: "60s",
    },
    limits: { memory: args.memory, cpus: args.cpus },
    capabilities: LINUXSERVER_CAPABILITIES,
    requires: args.requires,
    category: "media",
    watchUpdates: true,
    routes: [{ name: args.route, port: args.port, auth: true }],
    tile: {
      group: "Media",
      title: args.title,
      description: args.description,
      icon: `${args.name}.png`,
    },
  };
}

/** The volume of a Servarr program's settings; its posters come back by themselves. */
export function servarrConfig(name: string): VolumeDeclaration {
  return {
    name: `${name}-config`,
    copied: { at: `/data/${name}`, databases: [`${name}.db`], excludes: ["MediaCover"] },
  };
}
