import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { BOOT_JOIN, BOOT_PERMIT, BOOT_PROGRAM, BOOT_UNIT } from "../../model/boot.ts";
import { BOOT_RECORD, BOOT_RECORD_FILE, lookScriptPath, UNITS } from "../../model/paths.ts";
import type { Host } from "./host.ts";
import { rootFile, writeHostFiles, writeToken, type HostFile } from "./host-files.ts";
import { takeUnits, unitLook } from "./unit-look.ts";

/** Arguments of createBootOrchestrator. */
export interface BootOrchestratorArgs {
  /** The program as one file of JavaScript. */
  readonly program: string;
  /** Oldest major version of Node.js that runs it. */
  readonly nodeMajor: number;
  /** Longest time a boot can take by the host plan; systemd ends one that takes longer. */
  readonly startTimeoutSeconds: number;
  /** Longest time in which the engine stops the host's containers; systemd kills it after that. */
  readonly stopTimeoutSeconds: number;
}

/**
 * Node.js without what makes long computations fast, which the program has none of: Debian 12's, which
 * takes 48 MiB for an empty program, stays under 60 MiB with it. Versions 18 to 24 know these options.
 */
const SMALL_NODE = "node --no-opt --optimize-for-size --max-semi-space-size=1";
const UNIT_FILE = `${UNITS}/${BOOT_UNIT}`;
const DOCKER_DROP_IN = `${UNITS}/docker.service.d/homelab-boot.conf`;

/**
 * Installs what starts the host's containers at boot, in order, and stays. Call it before the first service:
 * every container made after it can only run while the boot permit is there, so that the engine
 * never starts one by itself (docs/adr/0005-who-starts-at-boot.md). Nothing is started here: see
 * `watchHost`.
 */
export function createBootOrchestrator(
  name: string,
  host: Host,
  args: BootOrchestratorArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const installed = writeHostFiles(
    name,
    {
      alias: host.alias,
      record: BOOT_RECORD,
      files: bootFiles(host.declaration.host, args),
      token: writeToken(host.observation.files[BOOT_RECORD]),
      afterwards: `${nodeCheck(host.alias, args.nodeMajor)}
${takeUnits([BOOT_UNIT])}`,
      // The permit stays: containers that still run may have to be started again.
      removal: `systemctl --quiet disable ${BOOT_UNIT}; rm -f ${UNIT_FILE} ${DOCKER_DROP_IN} ${BOOT_PROGRAM} ${lookScriptPath(BOOT_RECORD)} ${BOOT_RECORD_FILE}; systemctl daemon-reload`,
    },
    opts,
  );
  host.bootPermit = installed;
  return installed;
}

/** The program, its unit, what withdraws the permit, and the look that observations take. */
export function bootFiles(host: string, args: BootOrchestratorArgs): HostFile[] {
  return [
    rootFile(BOOT_PROGRAM, args.program),
    unitLook(BOOT_RECORD, [BOOT_UNIT]),
    rootFile(BOOT_PERMIT, ""),
    rootFile(
      UNIT_FILE,
      `[Unit]
Description=Start the containers of ${host} in order
After=docker.service
Requires=docker.service
StartLimitIntervalSec=0

[Service]
# Active from when the boot has settled, however it ended; ${BOOT_RECORD_FILE} says how.
Type=notify
# systemd-notify is another process than the program.
NotifyAccess=all
Restart=on-failure
RestartSec=15
# No plan, or not one: trying again helps nobody.
RestartPreventExitStatus=2
ExecStartPre=/bin/mkdir -p ${BOOT_PERMIT.replace(/\/[^/]*$/, "")}
ExecStartPre=/bin/touch ${BOOT_PERMIT}
ExecStart=/usr/bin/env ${SMALL_NODE} ${BOOT_PROGRAM} ${host}
# Killed after it had begun its record: what runs, and what a person stopped, stays as it is.
ExecStopPost=/bin/sh -c 'case "$$SERVICE_RESULT" in signal|core-dump|oom-kill) [ ! ${BOOT_RECORD_FILE} -nt ${BOOT_PERMIT} ] || : > ${BOOT_JOIN} ;; esac'
TimeoutStartSec=${args.startTimeoutSeconds}
# A look that hangs on a dead mount keeps nobody waiting.
TimeoutStopSec=10

[Install]
WantedBy=multi-user.target docker.service
`,
    ),
    rootFile(
      DOCKER_DROP_IN,
      `# The engine restarts containers before anything else runs. Ours wait for ${BOOT_UNIT}.
# It stops them all at once, each in the time it declared.
[Service]
ExecStartPre=-/bin/rm -f ${BOOT_PERMIT} ${BOOT_JOIN}
TimeoutStopSec=${args.stopTimeoutSeconds}
`,
    ),
  ];
}

/** Fails, with what to do, where Node.js is missing or too old. */
export function nodeCheck(alias: string, major: number): string {
  return `version=$(node --version 2>/dev/null || echo none)
major=\${version#v}
if [ "$version" = none ] || [ "\${major%%.*}" -lt ${major} ]; then
  echo "${alias} needs Node.js ${major} or newer to start its containers at boot; it has: $version. Run there: apt-get install --yes nodejs" >&2
  exit 1
fi`;
}
