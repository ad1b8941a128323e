import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ReportingDeclaration } from "../../model/declared-machine.ts";
import { OBSERVER_SETTINGS } from "../../model/paths.ts";
import type { Host } from "./host.ts";
import { rootFile, writeHostFiles, writeToken, type HostFile } from "./host-files.ts";

/** Name under which the host remembers to whom it says what it sees. */
const RECORD = "reporting";

/** Folder of what the boot program is told. */
export const REPORTING_FOLDER = "/etc/homelab";
/** The host's token, for the boot program alone. */
export const REPORTING_TOKEN = `${REPORTING_FOLDER}/observer-token`;

/** Tells the program that boots a host to whom it says what it sees, and gives it its token. */
export function writeReporting(
  name: string,
  host: Host,
  reporting: ReportingDeclaration,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const files = host
    .secret(reporting.token)
    .apply((token) => reportingFiles(host.declaration.host, reporting, token));
  return writeHostFiles(
    `${name}-files`,
    {
      alias: host.alias,
      record: RECORD,
      files: pulumi.secret(files),
      token: writeToken(host.observation.files[RECORD]),
      removal: `rm -f ${OBSERVER_SETTINGS} ${REPORTING_TOKEN}; rmdir --ignore-fail-on-non-empty ${REPORTING_FOLDER}`,
    },
    opts,
  );
}

/** The two files. */
export function reportingFiles(
  host: string,
  { url, whenAway, proxy }: Omit<ReportingDeclaration, "token">,
  token: string,
): HostFile[] {
  const settings = {
    version: 1,
    host,
    url,
    tokenFile: REPORTING_TOKEN,
    ...(whenAway && { whenAway }),
    ...(proxy && { proxy }),
  };
  return [
    settingsFile(OBSERVER_SETTINGS, settings),
    rootFile(REPORTING_TOKEN, `${token}\n`, "0600"),
  ];
}

/** Settings of the boot program, which hold no secret. */
export function settingsFile(path: string, settings: object): HostFile {
  return rootFile(path, `${JSON.stringify(settings, null, 2)}\n`);
}
