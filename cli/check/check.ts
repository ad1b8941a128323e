import { mistakeText, type Mistake } from "../../compose/mistake.ts";
import { overriddenHost } from "../../compose/override/override.ts";
import { HOSTS, isIntermittent } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { HostError } from "../../model/errors.ts";
import { hostPlan } from "../../model/host-plan.ts";
import { hostsNamed } from "../arguments.ts";
import { print, printJson } from "../output.ts";
import { declarationsOf, openProject, siteOf, type Project } from "../../workspace/project.ts";
import { runOnHost, Unreachable } from "../../hosts/remote-shell.ts";
import { stackSecrets } from "../../workspace/secrets/plan.ts";
import { parseAnswer } from "../../hosts/inspection/answer.ts";
import { containerRows } from "../../hosts/inspection/container-rows.ts";
import { machineRows } from "../../hosts/inspection/machine-rows.ts";
import { memoryRow } from "../../hosts/inspection/memory-row.ts";
import { needRows } from "../../hosts/inspection/needs/rows.ts";
import { sshRows } from "../../hosts/inspection/ssh-rows.ts";
import { exitCodeOf, type CheckRow } from "../../hosts/inspection/rows.ts";
import { checkScript } from "../../hosts/inspection/script.ts";
import { checkAnswerSchema } from "./answer.ts";
import { checkText } from "./text.ts";

/** Longest time that looking at one host may take. */
const LOOK_SECONDS = 60;

/** Looks at hosts side by side, prints what was seen and answers the exit code. */
export async function check(named: readonly string[], json: boolean): Promise<number> {
  const hosts = hostsNamed(named);
  const project = await openProject();
  const declarations = declarationsOf(project);
  const rows = await Promise.all(
    declarations
      .filter((declaration) => hosts.includes(declaration.host))
      .map(async (declaration) => [
        ...(await remoteRows(declaration, talkedTo(siteOf(project, declaration.host)))),
        secretRow(project, declarations, declaration),
      ]),
  );
  const all = rows.flat();
  if (json) printJson(checkAnswerSchema, { exitCode: exitCodeOf(all), rows: all });
  else print(checkText(all));
  return exitCodeOf(all);
}

async function remoteRows(
  declaration: HostDeclaration,
  addresses: ReadonlyMap<string, string>,
): Promise<CheckRow[]> {
  const { host } = declaration;
  const { gates } = hostPlan(declaration, { version: 1, images: {} }, "");
  try {
    const from = Date.now() / 1000;
    const result = await runOnHost(host, checkScript(declaration, gates), LOOK_SECONDS);
    const asked = { from, to: Date.now() / 1000 };
    const answer = parseAnswer(result.stdout, result.greeting);
    const { overrides } = answer.observation;
    const { declaration: there, mistakes } = overriddenHost(declaration, overrides);
    const remedies = new Map(gates.map(({ name, remedy }) => [name, remedy]));
    return [
      ...[
        ...sshRows(host, answer),
        ...machineRows(declaration, answer, remedies),
        ...needRows(there, answer, { asked, talkedTo: addresses }),
        memoryRow(there, answer.memory, there.contracts ?? []),
        ...containerRows(there, answer),
        ...mistakes.map(overrideRow),
      ].map((row) => ({ host, ...row })),
    ];
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const remedy = `see what \`ssh ${host} true\` says; the alias "${host}" belongs into ~/.ssh/config`;
    const mayBeAway = error instanceof Unreachable && isIntermittent(host);
    const seen = mayBeAway ? `away, as it may be: ${error.message}` : error.message;
    return [{ host, check: "ssh", state: mayBeAway ? "warning" : "failure", seen, remedy }];
  }
}

/** Whom every host has to reach, and must not lose behind a network of its engine. */
function talkedTo(site: Site): Map<string, string> {
  return new Map([
    ...HOSTS.flatMap((host): [string, string][] => [
      [site.hosts[host].lan, host],
      [site.hosts[host].mesh, `${host} in the mesh`],
    ]),
    ...site.dnsUpstreams.map((server): [string, string] => [server, "a name server"]),
  ]);
}

function overrideRow(mistake: Mistake): Omit<CheckRow, "host"> {
  const remedy = "correct or remove it; until then no deployment begins";
  return { check: "overrides", state: "failure", seen: mistakeText(mistake), remedy };
}

function secretRow(
  project: Project,
  declarations: readonly HostDeclaration[],
  { host }: HostDeclaration,
): CheckRow {
  const used = stackSecrets(project, declarations, [host]).filter((secret) => secret.used);
  const missing = used.filter(({ state }) => state === "missing").map(({ name }) => name);
  const readable = used.filter(({ state }) => state === "plain").map(({ name }) => name);
  const base = { host, check: "secrets" };
  if (missing.length > 0) {
    return {
      ...base,
      state: "failure",
      seen: `missing: ${missing.join(", ")}`,
      remedy: `npx homelab secrets init ${host}`,
    };
  }
  if (readable.length > 0) {
    return {
      ...base,
      state: "failure",
      seen: `not encrypted: ${readable.join(", ")}`,
      remedy: `pulumi config set --secret homelab:<name> -s ${host}`,
    };
  }
  return { ...base, state: "ok", seen: `all ${used.length} there`, remedy: "" };
}
