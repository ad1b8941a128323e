import { hostname, userInfo } from "node:os";
import { announceMaintenance, endMaintenance, readMaintenance } from "../../hosts/maintenance.ts";
import { HostError, UserError } from "../../model/errors.ts";
import { HOSTS } from "../../model/host-names.ts";
import type { Maintenance } from "../../model/maintenance.ts";
import { hostNamed } from "../arguments.ts";
import { note, print, printJson } from "../output.ts";
import { table } from "../table.ts";
import { secondsOf } from "./time.ts";
import { announcedSchema, underMaintenanceSchema } from "./answer.ts";

/** How `homelab maintenance` was called. */
export interface MaintenanceOptions {
  readonly end: boolean;
  readonly reason: string;
  readonly json: boolean;
}

/** Announces, ends or lists maintenance; answers the exit code. */
export async function maintenance(
  hostText: string | undefined,
  time: string | undefined,
  options: MaintenanceOptions,
): Promise<number> {
  if (hostText === undefined) {
    if (options.end) throw new UserError("HL-USAGE", "--end needs a host");
    return list(options.json);
  }
  const host = hostNamed(hostText);
  if (options.end && time !== undefined) {
    throw new UserError("HL-USAGE", "--end and a time exclude each other");
  }
  const said = options.end ? undefined : saying(time, options.reason);
  if (said) await announceMaintenance(host, said);
  else await endMaintenance(host);
  if (options.json) printJson(announcedSchema, { host, maintenance: said ?? null });
  else if (!said) print(`${host}: the maintenance is over; what ended by itself is started again.`);
  else {
    const until = said.until === undefined ? "until you end it" : `until ${said.until}`;
    print(
      `${host}: nothing is started again ${until}. Done earlier: npx homelab maintenance ${host} --end`,
    );
  }
  return 0;
}

function saying(time: string | undefined, reason: string): Maintenance {
  const by = `${userInfo().username}@${hostname()}`;
  if (time === undefined) return { reason, by };
  return { until: new Date(Date.now() + secondsOf(time) * 1000).toISOString(), reason, by };
}

async function list(json: boolean): Promise<number> {
  const seen = await Promise.all(
    HOSTS.map(async (host) => {
      try {
        return { host, maintenance: await readMaintenance(host) };
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        note(`error ${error.code} on ${host}: ${error.message}`);
        return { host, failed: true };
      }
    }),
  );
  const under = seen.flatMap(({ host, maintenance }) =>
    maintenance ? [{ host, ...maintenance }] : [],
  );
  if (json) printJson(underMaintenanceSchema, under);
  else if (under.length === 0) print("No host is under maintenance.");
  else {
    print(
      table(
        ["host", "until", "by", "reason"],
        under.map(({ host, until, by, reason }) => [host, until ?? "ended by hand", by, reason]),
      ),
    );
  }
  return seen.some((one) => "failed" in one) ? 1 : 0;
}
