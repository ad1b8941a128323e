import { counted } from "../../../model/counted.ts";
import type { HostName } from "../../../model/host-names.ts";
import { size, table } from "../../table.ts";
import { moment, snapshotText } from "../restore-plan.ts";
import type { HostPlan, PlannedPlace } from "./plan.ts";

/** For a person to agree to. */
export function hostPlanText(
  host: HostName,
  { steps, back, stays }: HostPlan,
  stops: readonly string[],
): string {
  const rows = steps.flatMap(({ job, snapshot, places }) =>
    places.map((place) => [
      place.source,
      `${job.job.sidecar.name}, ${snapshotText(snapshot)}`,
      job.database
        ? `its dump, ${size(place.copy?.bytes ?? 0)}`
        : `${counted(place.copy?.files ?? 0, "file")}, ${size(place.copy?.bytes ?? 0)}`,
      presentText(place),
    ]),
  );
  return [
    table(["back on " + host, "from", "has", "there now"], rows),
    `stops, in this order: ${stops.join(", ") || "nothing"}`,
    ...(back.length > 0 ? [`is back already: ${back.join(", ")}`] : []),
    ...stays.map(({ source, why }) => `stays as it is: ${source}, ${why}`),
  ].join("\n");
}

function presentText({ present, aside, changed }: PlannedPlace): string {
  switch (present) {
    case "empty":
      return "nothing";
    case "first-start":
      return `what was written since it was made; kept in ${aside}`;
    case "unchanged":
      return `nothing newer than the copy; kept in ${aside}`;
    case "newer":
      return `NEWER than the copy${changed > 0 ? `, of ${moment(new Date(changed * 1000))}` : ""}; kept in ${aside}`;
  }
}
