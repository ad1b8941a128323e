import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { PROGRAMS, ROOT, filesFolder, lookScriptPath } from "../../model/paths.ts";
import { appComponent, type AppArgs } from "../core/app.ts";
import {
  lookFile,
  rootFile,
  writeHostFiles,
  writeToken,
  type HostFile,
} from "../core/host-files.ts";
import { uptimeKuma } from "./uptime-kuma.plan.ts";

/** Arguments of UptimeKuma. */
export interface UptimeKumaArgs extends AppArgs {
  /** The program that sets it, as one file of JavaScript; asked for once. */
  readonly program: () => Promise<string>;
  /** What the program reads, as JSON, once the secrets are known. */
  readonly settings: (secrets: { readonly password: string; readonly token: string }) => object;
}

/** Name under which the host remembers what Uptime Kuma was set to. */
const RECORD = "uptime-monitors";

const PROGRAM = `${PROGRAMS}/${RECORD}.cjs`;
const SETTINGS = `${filesFolder(RECORD)}/settings.json`;
const STATE = `${ROOT}/state/${RECORD}`;
/** Seconds that every observation may spend on the look. */
const LOOK_SECONDS = 10;

/**
 * Uptime Kuma, which asks the homelab from outside; its monitors come from the probes of all
 * services (uptime-monitors.plan.ts). It keeps them in a database of its own, so a program on its
 * host brings them in (docs/adr/0015-programs-with-databases-of-their-own.md).
 */
export class UptimeKuma extends appComponent(uptimeKuma) {
  /** Done when it has exactly the declared monitors, beside those that a person made. */
  readonly monitors: command.local.Command;

  constructor(name: string, args: UptimeKumaArgs, opts?: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const { host } = args;
    const files = pulumi
      .all([args.program(), host.secret("uptime-kuma-password"), host.secret("ntfy-token")])
      .apply(([program, password, token]) =>
        uptimeFiles(program, args.settings({ password, token })),
      );
    this.monitors = writeHostFiles(
      `${RECORD}-files`,
      {
        alias: host.alias,
        record: RECORD,
        files: pulumi.secret(files),
        token: writeToken(host.observation.files[RECORD]),
        // With the container's id, because a new one may have a new volume.
        afterwards: this.monitor.containerId.apply(
          (id) => `: ${id}\nnode ${PROGRAM} apply ${SETTINGS} ${STATE}`,
        ),
        removal: `rm -rf ${filesFolder(RECORD)} ${STATE} ${PROGRAM} ${lookScriptPath(RECORD)}`,
      },
      { parent: this, dependsOn: [this.monitor.ready] },
    );
    host.finish("uptime-kuma", this.monitors);
    this.registerOutputs({});
  }
}

/** The program, what it sets, and the look that every observation takes. */
export function uptimeFiles(program: string, settings: object): HostFile[] {
  return [
    rootFile(PROGRAM, program),
    rootFile(SETTINGS, `${JSON.stringify(settings, null, 2)}\n`, "0400"),
    lookFile(RECORD, `exec timeout ${LOOK_SECONDS} node ${PROGRAM} look ${SETTINGS} ${STATE}\n`),
  ];
}
