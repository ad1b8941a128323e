import type { HostDeclaration } from "../../../model/declaration.ts";
import { wasDeployed, type HostAnswer } from "../answer.ts";
import type { Verdict } from "../rows.ts";
import { registriesOf, registryHost } from "./registries.ts";

/**
 * Whether the host reaches the registries of its images. Nothing is said of one that was not
 * asked: without curl, or where the engine has a proxy or a mirror, which curl knows nothing of.
 */
export function registryRows(host: HostDeclaration, answer: HostAnswer): Verdict[] {
  const { docker, registries } = answer;
  if (docker?.kind === "engine" && (docker.hasProxy || docker.hasMirror)) return [];
  const asked = registriesOf(host).filter((name) => registries[name] !== undefined);
  if (asked.length === 0) return [];
  const away = asked.filter((name) => !/^[1-5]\d\d$/.test(registries[name] ?? ""));
  if (away.length === 0) {
    return [{ check: "registries", state: "ok", seen: `${asked.join(", ")} answer`, remedy: "" }];
  }
  return away.map((name) => ({
    check: `registry ${name}`,
    // What runs needs no registry until its image changes.
    state: wasDeployed(answer) ? "warning" : "failure",
    seen: `no answer: ${saidOf(registries[name] ?? "")}`,
    remedy: `see what \`ssh ${host.host} curl -I https://${registryHost(name)}/v2/\` says: names, a firewall, or a proxy that belongs into the engine's daemon.json`,
  }));
}

/** curl's complaint, without the code 000 that it prints for no answer at all. */
function saidOf(text: string): string {
  return text.replace(/(^| )000( |$)/, "$2").trim() || "nobody answered";
}
