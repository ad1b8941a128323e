import type { AppService, VolumeDeclaration } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import type { Bytes } from "../../model/units.ts";

/** The Redis or Valkey that holds the queue of one app. */
export interface QueueArgs {
  /** Container name, e.g. "paperless-redis". */
  readonly name: string;
  /** Stack of the app it belongs to. */
  readonly stack: string;
  readonly image: string;
  /** The image's command line client. */
  readonly client: "redis-cli" | "valkey-cli";
  /** Network that the app reaches it by. */
  readonly network: string;
  /** All jobs that wait are held in it. @default "128MiB" */
  readonly memory?: Bytes;
  readonly category: string;
}

/** A declared queue and its volume. */
export interface Queue {
  readonly service: AppService;
  readonly volume: VolumeDeclaration;
}

/** Declares a queue. */
export function queue(site: Site, args: QueueArgs): Queue {
  const volume = `${args.name}-data`;
  return {
    service: {
      name: args.name,
      stack: args.stack,
      image: args.image,
      env: { TZ: site.timezone },
      networks: [{ name: args.network }],
      // Redis's image declares it a volume; without a name each new container would leave one behind.
      mounts: [{ kind: "volume", volume, target: "/data" }],
      health: { test: ["CMD", args.client, "ping"], timeout: "3s" },
      limits: { memory: args.memory ?? "128MiB", cpus: 0.25 },
      capabilities: ["SETGID", "SETUID"],
      logs: { maxSize: "5MiB", maxFiles: 3 },
      category: args.category,
    },
    volume: { name: volume, notCopied: "a queue; what was lost is queued again" },
  };
}
