import { withJobs } from "../../components/backup/with-jobs.plan.ts";
import { BACKUP_PROGRAM } from "../../household/backup.ts";
import type { DeclaredApp } from "../../model/app.ts";
import { hostWith, type HostName } from "../../model/host-names.ts";
import { site } from "./site.ts";

/** An app with the containers of its jobs, as a host of the household has it. */
export function withCopies(app: DeclaredApp, host: HostName = hostWith("home")): DeclaredApp {
  return withJobs(BACKUP_PROGRAM, site, host, app);
}
