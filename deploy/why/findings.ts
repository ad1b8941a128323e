import type { HostDeclaration } from "../../model/declaration.ts";
import { gateNeed, isAsLeft } from "../../model/gate-need.ts";
import type { AwayHost } from "../drift/look-at-host.ts";
import type { HostLook } from "../drift/look.ts";
import type { Finding } from "./answer.ts";
import { serviceFinding } from "./container-finding.ts";
import { oneLine } from "./quote.ts";

/** What was seen of each host that was looked at. */
export type Seen = ReadonlyMap<string, HostLook | AwayHost>;

const NOTHING = { since: null, exitCode: null, output: null, remedy: null, command: null } as const;

/**
 * How a node of the graph is, or a host.
 * @param id "docker-vm/grafana", "docker-vm/gate:nas-media", or "nas"
 */
export function findingOf(id: string, fleet: readonly HostDeclaration[], seen: Seen): Finding {
  const [host = "", name] = id.split("/");
  const look = seen.get(host);
  const declaration = fleet.find((one) => one.host === host);
  if (!look || !declaration) {
    return { id, state: "unknown", detail: `is on ${host}, which was not looked at`, ...NOTHING };
  }
  if ("away" in look) {
    const { found, hint } = look;
    if (name !== undefined)
      return { id, state: "unknown", detail: `is on ${host}, which is away`, ...NOTHING };
    return { id, state: "away", detail: oneLine(found), ...NOTHING, command: hint };
  }
  if (name?.startsWith("gate:")) return gateFinding(id, declaration, look);
  const service = declaration.services.find((one) => one.name === name);
  return service
    ? serviceFinding(declaration, service, look)
    : { id, state: "ready", detail: "is there", ...NOTHING };
}

function gateFinding(
  id: string,
  { host, gates, services }: HostDeclaration,
  look: HostLook,
): Finding {
  const name = id.slice(id.indexOf(":") + 1);
  const gate = gates.find((one) => one.name === name);
  const condition = look.observation.conditions[name];
  if (!gate || condition?.open !== false)
    return { id, state: "ready", detail: "is open", ...NOTHING };
  // A device that was never there is none that somebody waits for.
  if (isAsLeft({ condition: gate }, gateNeed(services, name), condition)) {
    return { id, state: "ready", detail: "is closed, as the last deployment left it", ...NOTHING };
  }
  return {
    id,
    state: "closed",
    detail: "is closed",
    since: null,
    exitCode: null,
    output: condition.seen === "" ? null : oneLine(condition.seen),
    remedy: gate.remedy,
    command: `npx homelab check ${host}`,
  };
}
