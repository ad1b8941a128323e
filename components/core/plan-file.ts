import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { serializePlan, type HostPlan } from "../../model/host-plan.ts";
import { packed, UNPACK } from "../../model/packed-text.ts";
import { desiredPlan } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { runScript } from "./ssh.ts";
import { scriptCommand } from "./script-command.ts";

/** Stands for the commit in the text until the moment the plan is written. */
const COMMIT = "@commit@";

/** Name of the plan's resource and record. */
export const PLAN_RECORD = "host-plan";

/** Arguments of writePlanFile. */
export interface PlanFileArgs {
  readonly alias: string;
  /** The plan without its commit. */
  readonly plan: Omit<HostPlan, "commit">;
}

/**
 * Writes the host plan, last of all, so that a plan on a host says that everything before it
 * succeeded. The commit is filled in when it is written and is no input, so a commit that
 * changes nothing else changes nothing at all.
 */
export function writePlanFile(
  name: string,
  args: PlanFileArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const path = desiredPlan(args.plan.host);
  const text = serializePlan({ ...args.plan, commit: COMMIT });
  const commit = "commit=$(git rev-parse HEAD 2>/dev/null || echo unknown)";
  return scriptCommand(
    name,
    {
      create: `{ echo "${commit}"; cat; } | ${runScript(args.alias)}`,
      delete: `echo ${quote(`rm -f ${quote(path)}`)} | ${runScript(args.alias)}`,
      stdin: `set -eu
mkdir -p ${quote(path.replace(/\/[^/]*$/, ""))}
${UNPACK} <<'END' | sed "s/${COMMIT}/$commit/" > ${quote(`${path}.new`)}
${packed(text)}
END
chmod 0644 ${quote(`${path}.new`)}
mv ${quote(`${path}.new`)} ${quote(path)}
`,
    },
    opts,
  );
}
