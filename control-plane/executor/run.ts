// The Executor as a process: it looks at the queue now and then, and answers hosts.
import type { AddressInfo } from "node:net";
import { auditTrail } from "../disk/audit-trail.ts";
import type { Disk } from "../disk/disk.ts";
import { readTokens } from "../disk/tokens.ts";
import { Executor } from "./executor.ts";
import { workServer } from "./server.ts";

/** How the process is set up. */
export interface RunArgs {
  readonly disk: Disk;
  readonly root: string;
  /** Folder with the sum of each host's token, the Observer's too. */
  readonly tokens: string;
  /** Address that it listens on. */
  readonly address: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly own: ReadonlySet<string>;
  /** Told what could not be done; it goes on. */
  readonly complain: (message: string) => void;
  /** How often is looked, in milliseconds. @default 1000 */
  readonly lookEachMs?: number;
  /** @default Date.now */
  readonly now?: () => number;
}

/** A running Executor. */
export interface Running {
  readonly port: number;
  /** Ends it. What is under way is interrupted when it starts again. */
  stop(): Promise<void>;
}

/**
 * Starts it.
 * @throws Error when the queue cannot be read or written, or the port is taken
 */
export async function runExecutor({
  disk,
  root,
  tokens: folder,
  address,
  port,
  own,
  complain,
  lookEachMs = 1000,
  now = Date.now,
}: RunArgs): Promise<Running> {
  const executor = new Executor({ disk, root, own, now });
  const audit = auditTrail(disk, root, "executor");
  const tokens = (): ReadonlyMap<string, Buffer> => readTokens(disk, folder);
  const server = workServer({ executor, tokens, audit, lookEachMs });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  let last: string | undefined;
  const timer = setInterval(() => {
    try {
      executor.tick();
      last = undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // Once for each thing that is wrong, and not once a second.
      if (message !== last) complain(`cannot go on with the queue: ${message}`);
      last = message;
    }
  }, lookEachMs);
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      clearInterval(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
