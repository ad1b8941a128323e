import type { DeclaredApp } from "../../model/app.ts";
import type { HostName } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { jobContainer, jobVolume } from "./job-container.plan.ts";
import type { BackupProgram } from "./program.ts";

/**
 * An app with the containers of its jobs, each with its volume, its image and the secrets that open
 * its copies.
 * @param host the host that the app is on
 */
export function withJobs(
  program: BackupProgram,
  site: Site,
  host: HostName,
  app: DeclaredApp,
): DeclaredApp {
  const { jobs = [], ...rest } = app;
  if (jobs.length === 0) return rest;
  return {
    ...rest,
    images: [...rest.images, program.image],
    services: [...rest.services, ...jobs.map((job) => jobContainer(program, site, host, job))],
    secrets: { ...program.secrets(host), ...rest.secrets },
    volumes: [...rest.volumes, ...jobs.map((job) => jobVolume(program, job))],
  };
}
