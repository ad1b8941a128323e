import { createHash } from "node:crypto";
import type * as command from "@pulumi/command";
import { BOOT_JOIN, BOOT_PROGRAM, BOOT_UNIT } from "../../model/boot.ts";
import { quote } from "../../model/shell-text.ts";
import { runScript } from "../../hosts/ssh.ts";
import type { Host } from "./host.ts";
import { scriptCommand } from "./script-command.ts";

/** Longest time in which the program looks at everything once, and says that it watches. */
const START_SECONDS = 60;

/**
 * Has the boot orchestrator of a host watch it from the end of the deployment on, and not only from
 * its next boot: the unit is started, or started anew where an older program runs. It then takes
 * everything as it is. Runs for a new program alone, so a host whose program is as it was shows no
 * change. Call it when every service is made.
 *
 * Taken away, it ends the watching before the first container goes.
 */
export function watchHost(
  name: string,
  host: Host,
  /** The program as one file of JavaScript. */
  program: string,
): command.local.Command {
  const run = runScript(host.alias);
  const made = scriptCommand(
    name,
    {
      run,
      delete: `echo ${quote(`systemctl stop ${BOOT_UNIT} 2>/dev/null || :`)} | ${run}`,
      script: watchScript(program),
    },
    { parent: host, dependsOn: host.done() },
  );
  // Also where a closed gate ends the deployment with an error.
  host.finish(name, made);
  return made;
}

/** The script that sees to it that the unit runs the installed program. It names the program. */
export function watchScript(program: string): string {
  const digest = createHash("sha256").update(program).digest("hex");
  return `set -u
# program ${digest}
unit=${BOOT_UNIT}
watches() {
  case "$(systemctl is-active "$unit")" in active | activating) ;; *) return 1 ;; esac
  since=$(TZ=UTC systemctl show --property=ExecMainStartTimestamp --value "$unit")
  [ "$(date --date "$since" +%s)" -ge "$(stat --format %Y ${quote(BOOT_PROGRAM)})" ]
}
watches && exit 0
trap 'rm -f ${BOOT_JOIN}' EXIT
mkdir -p ${BOOT_JOIN.replace(/\/[^/]*$/, "")}
: > ${BOOT_JOIN}
timeout ${START_SECONDS} systemctl restart "$unit" && exit 0
# Its program has begun, and only takes longer to look at everything on a busy machine.
[ ! -e ${BOOT_JOIN} ] && [ "$(systemctl show --property=SubState --value "$unit")" = start ] && exit 0
echo "$unit on $(hostname) did not start within ${START_SECONDS} s, so nobody starts again what ends, and a boot may fail too. Its last lines:" >&2
journalctl --unit "$unit" --lines 5 --output cat >&2
echo "look closer: ssh $(hostname) systemctl status $unit" >&2
exit 1
`;
}
