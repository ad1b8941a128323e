import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { FIRST_USER_FILE, FIRST_USER_RECORD } from "../../model/first-user.ts";
import type { Host } from "./host.ts";
import { rootFile, writeHostFiles, writeToken } from "./host-files.ts";

/**
 * Leaves the first user's name on a host whose apps keep that user among their own data, so that a
 * later deployment notices when the site settings have another.
 */
export function rememberFirstUser(
  host: Host,
  user: string,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return writeHostFiles(
    `${FIRST_USER_RECORD}-files`,
    {
      alias: host.alias,
      record: FIRST_USER_RECORD,
      files: [rootFile(FIRST_USER_FILE, `${user}\n`)],
      token: writeToken(host.observation.files[FIRST_USER_RECORD]),
    },
    opts,
  );
}
