import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { GateNeed } from "../../model/gate-need.ts";
import { hostWith } from "../../model/host-names.ts";
import type { PlannedGate } from "../../model/host-plan.ts";
import { meshRecord } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import type { Site } from "../../model/site.ts";
import { createGate, type Gate } from "../core/gate.ts";
import type { Host } from "../core/host.ts";
import type { ReverseProxy } from "../edge/proxy.plan.ts";
import { runScript } from "../../hosts/ssh.ts";
import { enrolmentScript } from "./enrolment-script.plan.ts";
import { inviteScript, meshEnrolment, trustScript } from "./mesh-enrolment.plan.ts";
import { scriptCommand } from "../core/script-command.ts";

/** Arguments of MeshNode. */
export interface MeshNodeArgs {
  readonly host: Host;
  readonly site: Site;
  /** The coordinator's proxy, through which Headscale is reached. */
  readonly proxy: ReverseProxy;
  /** Address of the running coordinator; undefined while the VPS was never deployed. */
  readonly coordinator: pulumi.Input<string | undefined>;
  /** Names this enrolment, see writeToken; another one makes the host look and join again. */
  readonly token: string;
  /** Key that lets the host join. @default one is asked from Headscale when the host has to */
  readonly key?: pulumi.Output<string>;
  /** The host's mesh gate, which comes right after. */
  readonly gate: PlannedGate;
  /** How much the host's services need the mesh. */
  readonly need: GateNeed;
}

/** Line before an invitation. */
const INVITATION = "homelab-invitation";

/** ssh alias of the host that Headscale runs on. */
const COORDINATOR = hostWith("coordinator");

/**
 * Membership of one host in the mesh, and the gate that says that it works. Give it what the
 * coordinator needs as `dependsOn`: `new MeshNode("mesh", { host, site, … }, { dependsOn: [headscale] })`.
 */
export class MeshNode extends pulumi.ComponentResource {
  /** Open once the host has its address and reaches what it should. */
  readonly gate: Gate;
  /** What makes the host a member. */
  readonly enrolment: command.local.Command;

  constructor(name: string, args: MeshNodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("homelab:networking:MeshNode", name, {}, { parent: args.host, ...opts });
    const { host, site, proxy, gate, need, token } = args;
    const observed = host.observation.conditions[gate.name];
    const coordinator = pulumi.output(args.coordinator);
    const script = (key: string | undefined) =>
      enrolmentScript(meshEnrolment(site, host.declaration.host), {
        alias: host.alias,
        token,
        invite:
          key === undefined ? askHeadscale(site, host, proxy) : `  invitation=${quote(key)}\n`,
      });
    this.enrolment = scriptCommand(
      `${name}-enrolment`,
      {
        // A script on this computer: it carries a key from the one host to the other.
        run: "sh -s",
        delete: `echo ${quote(`rm -f ${meshRecord()}`)} | ${runScript(host.alias)}`,
        script: pulumi
          .all([coordinator, pulumi.output(args.key)])
          .apply(([address, key]) => (address === undefined ? missing(host.alias) : script(key))),
      },
      { parent: this },
    );
    this.gate = createGate(
      `gate-${gate.name}`,
      { alias: host.alias, gate, need, observed, unless: absent(coordinator) },
      { parent: this, dependsOn: [this.enrolment] },
    );
    host.announce(`gate:${gate.name}`, this.gate.waited);
    this.registerOutputs({});
  }
}

/**
 * Makes the VPS's node trust the authority in the VPS's own proxy; for sites whose certificates
 * nobody else signs. The other hosts get it when they join.
 *
 * Give it Caddy as `dependsOn`, and what makes the host a member: its node starts anew, and one that
 * is just joining would be cut off.
 */
export function trustAuthority(
  host: Host,
  proxy: ReverseProxy,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return scriptCommand(
    "mesh-authority",
    {
      run: runScript(host.alias),
      script: trustScript(proxy),
    },
    { parent: host, ...opts },
  );
}

function absent(coordinator: pulumi.Output<string | undefined>): pulumi.Output<boolean> {
  return coordinator.apply((address) => address === undefined);
}

/** The stack that runs the coordinator comes first; the others work without the mesh meanwhile. */
function missing(alias: string): string {
  const text = `${alias} is not enrolled in the mesh yet: the stack "${COORDINATOR}" is not deployed. Deploy it (pulumi up -s ${COORDINATOR}), then deploy ${alias} again`;
  return `echo ${quote(text)} >&2\n`;
}

/** Sets `invitation` to what Headscale says on the VPS, when it is run. */
function askHeadscale(site: Site, host: Host, proxy: ReverseProxy): string {
  const { alias } = host;
  return `  invitation=$(${runScript(COORDINATOR)} <<'INVITE'
echo ${INVITATION}
${inviteScript(site, host.declaration.host, proxy)}INVITE
  ) || {
    echo ${quote(`${alias} is not in the mesh, and its key comes from Headscale on ${COORDINATOR}, which gave none (see above). Check it with \`npx homelab check ${COORDINATOR}\`, then deploy ${alias} again`)} >&2
    exit 1
  }
  # What the login on the coordinator prints before is no part of it.
  invitation=\${invitation#*${INVITATION}
}
`;
}
