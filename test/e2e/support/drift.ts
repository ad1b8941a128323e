import { driftReportSchema } from "../../../deploy/drift/rows.ts";
import type { HostName } from "../../../model/host-names.ts";
import { homelabJson, type Lab } from "./lab.ts";

/**
 * What `homelab drift --json` answers: its exit code, and each row as "kind name change: field
 * declared -> found". Ids, digests and exit codes, which no test can know, and how long a check has
 * failed, are written "*".
 */
export async function driftOf(
  lab: Lab,
  hosts: readonly HostName[],
): Promise<{ code: number | undefined; rows: string[] }> {
  const { code, answer } = await homelabJson(lab, ["drift", ...hosts]);
  const report = driftReportSchema.parse(answer);
  const shown = (text: string | null): string =>
    (text ?? "-")
      .replace(/^([0-9a-f]{12,16})$/, "*")
      .replace(/@sha256:[0-9a-f]{64}$/, "@*")
      .replace(/^exited with \d+$/, "exited with *")
      .replace(/^(starting|unhealthy)$/, "*");
  const rows = report.hosts
    .flatMap((host) => host.rows)
    .map(
      ({ kind, name, change, field, declared, found }) =>
        `${kind} ${name} ${change}: ${field} ${shown(declared)} -> ${shown(found)}`,
    );
  return { code, rows };
}
