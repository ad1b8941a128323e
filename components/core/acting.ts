import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { ActingDeclaration } from "../../model/declared-machine.ts";
import { ACTOR_SETTINGS } from "../../model/paths.ts";
import { allowedSignersText } from "../../model/signers.ts";
import type { Host } from "./host.ts";
import { rootFile, writeHostFiles, writeToken, type HostFile } from "./host-files.ts";
import { REPORTING_FOLDER, REPORTING_TOKEN, settingsFile } from "./reporting.ts";

/** Name under which the host remembers from whom it fetches what was approved. */
const RECORD = "acting";

/** The keys whose orders the host carries out. */
const ALLOWED_SIGNERS = `${REPORTING_FOLDER}/allowed_signers`;

/**
 * Lets a host carry out what was approved: names its Executor, and whose signatures count. Both come
 * from the desk, over the deployment's own connection; the VPS has no way to either.
 */
export function writeActing(
  name: string,
  host: Host,
  acting: ActingDeclaration,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return writeHostFiles(
    `${name}-files`,
    {
      alias: host.alias,
      record: RECORD,
      files: actingFiles(host.declaration.host, acting),
      token: writeToken(host.observation.files[RECORD]),
      // The settings first: without them nothing is fetched any more.
      removal: `rm -f ${ACTOR_SETTINGS} ${ALLOWED_SIGNERS}; rmdir --ignore-fail-on-non-empty ${REPORTING_FOLDER}`,
    },
    opts,
  );
}

/** The two files. The token is the one by which the Observer knows the host. */
export function actingFiles(host: string, { url, signers }: ActingDeclaration): HostFile[] {
  const settings = {
    version: 1,
    host,
    url,
    tokenFile: REPORTING_TOKEN,
    allowedSigners: ALLOWED_SIGNERS,
  };
  return [
    settingsFile(ACTOR_SETTINGS, settings),
    rootFile(ALLOWED_SIGNERS, allowedSignersText(signers)),
  ];
}
