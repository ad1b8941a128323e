import { z } from "zod";

// What is read of the engine's answers (docs.docker.com/reference/api/engine: ContainerInspect,
// ImageInspect, NetworkInspect, VolumeInspect). An empty list or map is null there, or absent.
const words = z.array(z.string()).nullish();
const texts = z.record(z.string(), z.string()).nullish();

const containerSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  /** Id of the image's content. */
  Image: z.string(),
  /** How often the engine started it again by itself. */
  RestartCount: z.number().nullish(),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number().nullish(),
    OOMKilled: z.boolean().nullish(),
    /** Why the engine could not start it; empty when it could. */
    Error: z.string().nullish(),
    /** Times as the engine writes them; the year 1 stands for never. */
    StartedAt: z.string().nullish(),
    FinishedAt: z.string().nullish(),
    Health: z
      .object({
        Status: z.string(),
        FailingStreak: z.number().nullish(),
        /** The last five runs of the check, oldest first. */
        Log: z
          .array(
            z.object({
              Start: z.string().nullish(),
              ExitCode: z.number().nullish(),
              Output: z.string(),
            }),
          )
          .nullish(),
      })
      .nullish(),
  }),
  Config: z.object({
    Image: z.string(),
    Hostname: z.string(),
    User: z.string().nullish(),
    Env: words,
    Cmd: words,
    Entrypoint: words,
    Labels: texts,
    StopTimeout: z.number().nullish(),
    Healthcheck: z
      .object({
        Test: words,
        Interval: z.number().nullish(),
        Timeout: z.number().nullish(),
        StartPeriod: z.number().nullish(),
        StartInterval: z.number().nullish(),
        Retries: z.number().nullish(),
      })
      .nullish(),
  }),
  HostConfig: z.object({
    Memory: z.number(),
    MemorySwap: z.number(),
    NanoCpus: z.number(),
    ShmSize: z.number().nullish(),
    CapAdd: words,
    CapDrop: words,
    SecurityOpt: words,
    Privileged: z.boolean(),
    ReadonlyRootfs: z.boolean(),
    GroupAdd: words,
    Init: z.boolean().nullish(),
    PidMode: z.string().nullish(),
    ExtraHosts: words,
    Tmpfs: texts,
    Devices: z
      .array(
        z.object({
          PathOnHost: z.string(),
          PathInContainer: z.string(),
          CgroupPermissions: z.string(),
        }),
      )
      .nullish(),
    PortBindings: z
      .record(
        z.string(),
        z.array(z.object({ HostIp: z.string().nullish(), HostPort: z.string() })).nullish(),
      )
      .nullish(),
    RestartPolicy: z.object({ Name: z.string(), MaximumRetryCount: z.number().nullish() }),
    LogConfig: z.object({ Type: z.string(), Config: texts }),
  }),
  Mounts: z
    .array(
      z.object({
        Type: z.string(),
        Name: z.string().nullish(),
        Source: z.string().nullish(),
        Destination: z.string(),
        RW: z.boolean(),
      }),
    )
    .nullish(),
  NetworkSettings: z.object({
    Networks: z
      .record(
        z.string(),
        z.object({
          Aliases: words,
          IPAMConfig: z.object({ IPv4Address: z.string().nullish() }).nullish(),
        }),
      )
      .nullish(),
  }),
});

const imageSchema = z.object({
  Id: z.string(),
  RepoDigests: words,
  Config: z
    .object({
      Env: words,
      Cmd: words,
      Entrypoint: words,
      User: z.string().nullish(),
      Labels: texts,
      Volumes: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
});

const networkSchema = z.object({
  Name: z.string(),
  Driver: z.string(),
  Internal: z.boolean(),
  Labels: texts,
  IPAM: z.object({
    Config: z
      .array(z.object({ Subnet: z.string().nullish(), Gateway: z.string().nullish() }))
      .nullish(),
  }),
});

const volumeSchema = z.object({ Name: z.string(), Labels: texts });

/** Kind of a line to what the engine says in it. */
export const INSPECTED = {
  container: containerSchema,
  image: imageSchema,
  network: networkSchema,
  volume: volumeSchema,
} as const;

/** A container as its engine describes it. */
export type InspectedContainer = z.infer<typeof containerSchema>;
/** An image as its engine describes it. */
export type InspectedImage = z.infer<typeof imageSchema>;
/** A network as its engine describes it. */
export type InspectedNetwork = z.infer<typeof networkSchema>;
/** A volume as its engine describes it. */
export type InspectedVolume = z.infer<typeof volumeSchema>;

/** Name of a container without the engine's slash. */
export function nameOf({ Name }: Pick<InspectedContainer, "Name">): string {
  return Name.replace(/^\//, "");
}

/** What a script prints before what an engine says, to tell its lines from others. */
export const FACT = "@";

/** A Go template that prints the whole object in one line of JSON. */
export function factTemplate(kind: keyof typeof INSPECTED): string {
  return `${FACT}${kind} {{json .}}`;
}

/** A line of the engine's that is not what it should be. Its text may hold secrets. */
export class UnreadableFact extends Error {
  /** @param kind what the line is about, e.g. "container" */
  constructor(readonly kind: string) {
    super(`what the engine says of a ${kind} could not be read`);
  }
}

/**
 * What the engine says of all things of a kind, in lines as `factTemplate` prints them.
 * @param lines of a script's output; those about anything else are passed over
 * @throws UnreadableFact
 */
export function factsIn<Kind extends keyof typeof INSPECTED>(
  kind: Kind,
  lines: readonly string[],
): z.infer<(typeof INSPECTED)[Kind]>[] {
  const begin = `${FACT}${kind} `;
  return lines
    .filter((line) => line.startsWith(begin))
    .map((line) => {
      const result = INSPECTED[kind].safeParse(parsed(kind, line.slice(begin.length)));
      if (!result.success) throw new UnreadableFact(kind);
      return result.data as z.infer<(typeof INSPECTED)[Kind]>;
    });
}

function parsed(kind: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UnreadableFact(kind);
  }
}
