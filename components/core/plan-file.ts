import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { serializePlan, type HostPlan } from "../../model/host-plan.ts";
import { packed, UNPACK } from "../../model/packed-text.ts";
import { desiredPlan, filesRecord, PLAN_RECORD } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { runScript } from "../../hosts/ssh.ts";
import { scriptCommand } from "./script-command.ts";
import { removeUnfinished } from "./unfinished.ts";

/** Stands for the commit in the text until the moment the plan is written. */
const COMMIT = "@commit@";

/** Arguments of writePlanFile. */
export interface PlanFileArgs {
  readonly alias: string;
  /** The plan without its commit. */
  readonly plan: Omit<HostPlan, "commit">;
  /** Names this write, see writeToken. */
  readonly token: string;
}

/**
 * Writes the host plan, before the first service is made, so that a host whose deployment ends half
 * way starts at boot what it has. The commit is filled in when it is written and is no input, so a
 * commit that changes nothing else changes nothing at all. The host keeps the checksum: a plan that
 * somebody changed or removed is written again. Before that the way is cleared: what a deployment that
 * was killed made, and nobody recorded, is removed.
 */
export function writePlanFile(
  name: string,
  args: PlanFileArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const path = desiredPlan(args.plan.host);
  const commit = "commit=$(git rev-parse HEAD 2>/dev/null || echo unknown)";
  const removal = `rm -f ${quote(path)} ${quote(filesRecord(PLAN_RECORD))}`;
  return scriptCommand(
    name,
    {
      run: `{ echo "${commit}"; cat; } | ${runScript(args.alias)}`,
      delete: `echo ${quote(removal)} | ${runScript(args.alias)}`,
      script: planScript(args.plan, args.token),
    },
    opts,
  );
}

/** The script that writes the plan and notes its checksum; `$commit` is set before it. */
export function planScript(plan: PlanFileArgs["plan"], token: string): string {
  const path = desiredPlan(plan.host);
  const record = filesRecord(PLAN_RECORD);
  const folder = (file: string): string => quote(file.replace(/\/[^/]*$/, ""));
  return `set -eu
${removeUnfinished(plan.host)}mkdir -p ${folder(path)} ${folder(record)}
${UNPACK} <<'END' | sed "s/${COMMIT}/$commit/" > ${quote(`${path}.new`)}
${packed(serializePlan({ ...plan, commit: COMMIT }))}
END
chmod 0644 ${quote(`${path}.new`)}
mv ${quote(`${path}.new`)} ${quote(path)}
{ echo ${quote(token)}; sha256sum ${quote(path)}; } > ${quote(`${record}.new`)}
mv ${quote(`${record}.new`)} ${quote(record)}
`;
}
