import type { CopyJob } from "../../../model/copy-job.ts";
import type { FileDeclaration } from "../../../model/declared-files.ts";
import type { Requirement } from "../../../model/declaration.ts";
import { hasRole, hostWith, type HostName } from "../../../model/host-names.ts";
import type { Site } from "../../../model/site.ts";
import type { NasFolder } from "../../core/nas-folders.plan.ts";
import type { BackupProgram, CopyServer, JobReach } from "../program.ts";
import { accountOf, RESTIC_ACCOUNTS, RESTIC_SECRETS, VPS_SECRETS } from "./accounts.ts";
import { RESTIC_COPIES, RESTIC_FILES, RESTIC_JOB, RESTIC_SETTINGS } from "./commands.ts";
import { RESTIC_0_16_IMAGE } from "./restic.image.ts";
import { RESTIC_PORT, RESTIC_SERVER, resticAddress, resticRest } from "./rest-server.plan.ts";

const SERVER: Omit<CopyServer, "app"> = {
  name: RESTIC_SERVER,
  service: RESTIC_SERVER,
  address: resticAddress,
  value: { inFiles: "restic-address", ofStack: "resticAddress" },
};

/** Not on the VPS, which comes before the storage; its first copy is due a day later. */
const AFTER_SERVER: Requirement = {
  on: `${hostWith("storage")}/${RESTIC_SERVER}`,
  condition: "healthy",
  strength: "soft",
  declared: true,
  limit: "30s",
  why: "keeps the copies; needed only when a run is due",
};

/**
 * restic, with its REST server on the storage: a repository for each job, encrypted by the hosts.
 * @param repositories folder of the storage that holds them
 */
export function restic(repositories: NasFolder): BackupProgram {
  return {
    name: "restic",
    image: RESTIC_0_16_IMAGE,
    reach,
    secrets: (host) => (hasRole(host, "coordinator") ? VPS_SECRETS : RESTIC_SECRETS),
    key: RESTIC_ACCOUNTS.home.key,
    server: { ...SERVER, app: (site, { host }) => resticRest(site, { host, repositories }) },
    sent: {
      folder: repositories.path,
      name: "restic",
      what: "the restic repositories",
      mark: ["*", "*", "config"],
    },
    ...RESTIC_SETTINGS,
    job: RESTIC_JOB,
    copies: RESTIC_COPIES,
  };
}

function reach(site: Site, host: HostName, job: CopyJob): JobReach {
  const { user, login, key } = accountOf(host);
  const repository: FileDeclaration = {
    target: RESTIC_FILES.repository,
    content: {
      kind: "template",
      template: `rest:http://${user}:{{${login}}}@${addressFrom(site, host)}/${user}/${job.repository}/`,
    },
    owner: "0:0",
  };
  const password: FileDeclaration = {
    target: RESTIC_FILES.password,
    content: { kind: "secret", secret: key },
    owner: "0:0",
  };
  return {
    files: [repository, password],
    requires: hasRole(host, "coordinator") ? [] : [AFTER_SERVER],
  };
}

/** Where a host's jobs find the storage's server. */
function addressFrom(site: Site, host: HostName): string {
  const storage = hostWith("storage");
  // Not from the storage's stack, which is deployed after the coordinator's.
  if (hasRole(host, "coordinator")) return `${site.hosts[storage].mesh}:${RESTIC_PORT}`;
  if (hasRole(host, "storage")) return resticAddress(site, storage);
  return `{{value:${SERVER.value.inFiles}}}`;
}
