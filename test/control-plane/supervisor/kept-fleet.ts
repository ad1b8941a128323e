import type { HostDeclaration, ServiceDeclaration } from "../../../model/declaration.ts";
import { hostOf, serviceOf } from "../../deploy/why/small-fleet.ts";

/** A nightly job that copies the database's volume. */
export function jobNamed(name: string): ServiceDeclaration {
  return {
    ...serviceOf(name),
    backup: {
      repository: "db",
      schedule: "0 3 * * *",
      protects: ["db-data"],
      keep: { daily: 7, weekly: 4, monthly: 6 },
      maxAgeHours: 25,
    },
  };
}

/** A database whose volume a nightly job copies. */
export const KEPT: HostDeclaration = {
  ...hostOf(
    "nas",
    {
      ...serviceOf("db"),
      mounts: [{ kind: "volume", volume: "db-data", target: "/data" }],
    },
    { ...serviceOf("web", "db"), critical: true },
    jobNamed("db-backup"),
  ),
  volumes: [{ name: "db-data" }],
};
