import { preview, type Lab } from "./lab.ts";
import type { HostName } from "../../../model/host-names.ts";

interface PreviewJson {
  readonly steps?: readonly { readonly op: string; readonly urn: string }[];
  readonly diagnostics?: readonly { readonly message?: string }[];
}

/** What a plain `pulumi preview` sees. */
export interface Look {
  /** Names of the resources that it would change, sorted, each once. */
  readonly changes: readonly string[];
  /** What it says besides. */
  readonly said: string;
}

/** What a plain `pulumi preview` sees. */
export async function previewLook(
  lab: Lab,
  stack: HostName,
  env: Record<string, string> = {},
): Promise<Look> {
  const { output, code } = await preview(lab, stack, ["--json"], env);
  if (code !== 0) throw new Error(`the preview failed:\n${output.slice(-4000)}`);
  const plan = JSON.parse(
    output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1),
  ) as PreviewJson;
  const changed = (plan.steps ?? []).filter(({ op }) => !["same", "refresh", "read"].includes(op));
  return {
    changes: [...new Set(changed.map(({ urn }) => urn.split("::").at(-1) ?? ""))].sort(),
    said: (plan.diagnostics ?? []).map(({ message = "" }) => message).join("\n"),
  };
}

/** Names of the resources that a plain `pulumi preview` would change, sorted, each once. */
export async function plannedChanges(
  lab: Lab,
  stack: HostName,
  env: Record<string, string> = {},
): Promise<readonly string[]> {
  return (await previewLook(lab, stack, env)).changes;
}
