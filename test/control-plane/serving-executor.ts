import { disk } from "../../control-plane/disk/disk.ts";
import { runExecutor, type Running } from "../../control-plane/executor/run.ts";
import type { Root } from "./imitated-root.ts";

/** An Executor that serves the hosts of a folder, at a port of its own; what it complains of is an error. */
export function servingExecutor(root: Root): Promise<Running> {
  return runExecutor({
    disk,
    root: root.path,
    tokens: `${root.path}/tokens`,
    address: "127.0.0.1",
    port: 0,
    own: new Set(),
    complain: (message) => {
      throw new Error(message);
    },
    lookEachMs: 20,
    now: root.now,
  });
}
