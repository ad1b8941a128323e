import { join } from "node:path";
import type { HostName } from "../../model/host-names.ts";
import { projectOfCommit } from "../../workspace/other-commit.ts";
import type { Project } from "../../workspace/project.ts";
import type { Receipt } from "../staged/receipt.ts";
import { lockOf } from "./lock-of.ts";
import { openWorktree } from "./worktree.ts";

/**
 * Works with the project of an earlier deployment: its commit beside the checkout, the stack files of
 * now, and the digests that it had. It is gone afterwards.
 * @throws UserError HL-ROLLBACK when the commit or its packages are not on this computer
 */
export async function withEarlierProject<T>(
  project: Project,
  host: HostName,
  receipt: Receipt,
  work: (earlier: Project) => Promise<T>,
): Promise<T> {
  const { base, program, remove } = await openWorktree(project.programFolder, receipt.commit);
  try {
    const folder = join(base, "project");
    const lock = lockOf(receipt);
    return await work(await projectOfCommit(project, host, { folder, program, lock }));
  } finally {
    await remove();
  }
}
