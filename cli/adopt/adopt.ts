import type { ServiceDeclaration } from "../../model/declaration.ts";
import { HostError, UserError } from "../../model/errors.ts";
import type { HostName } from "../../model/host-names.ts";
import { contractsOf } from "../../model/image-catalogue.ts";
import { stopSeconds } from "../../model/stop-time.ts";
import { hostNamed } from "../arguments.ts";
import { assertCanAsk, confirmed } from "../confirm.ts";
import { note, print, printJson } from "../output.ts";
import { declarationsOf, openProject } from "../../workspace/project.ts";
import { lastLine } from "../../hosts/last-line.ts";
import { CONNECTION_LOST, runOnHost, type ScriptResult } from "../../hosts/remote-shell.ts";
import { table } from "../table.ts";
import { lookScript, parseLook, removeScript, type NamedContainer } from "./container.ts";
import { copyScript, ownerOf, plannedCopies, type Copy, type DataOptions } from "./data.ts";
import { adoptedSchema, nothingAdoptedSchema } from "./answer.ts";

/** Time to look, and on top of the container's own grace to remove it. */
const LOOK_SECONDS = 30;
/** Time for a copy; a photo library on slow disks takes hours. */
const COPY_SECONDS = 12 * 3600;

/** How `homelab adopt` was called. */
export interface AdoptOptions extends DataOptions {
  readonly yes: boolean;
  readonly json: boolean;
  readonly ours: boolean;
  /** Name of the container. @default the service's */
  readonly from: string | undefined;
}

/**
 * Removes a container in whose place a declared service is to run, and copies its data to where
 * that service looks for it; answers the exit code.
 */
export async function adopt(
  hostText: string,
  name: string,
  options: AdoptOptions,
): Promise<number> {
  const host = hostNamed(hostText);
  const hosts = declarationsOf(await openProject());
  const service = declaredService(hosts, host, name);
  assertCanAsk(options);
  const container = options.from ?? name;
  const look = await runOnHost(host, lookScript(name, container), LOOK_SECONDS);
  if (look.exitCode !== 0) throw engineAway(host, look);
  const { deployedId, present } = parseLook(look.stdout);
  const next = `pulumi up -s ${host}`;
  if (!present) {
    if (options.json) printJson(nothingAdoptedSchema, { removed: false, next });
    else print(`${host} has no container "${container}"; \`${next}\` creates it.`);
    return 0;
  }
  if (present.id === deployedId && !options.ours) {
    throw new UserError(
      "HL-ADOPT-OURS",
      `"${container}" on ${host} is the container that was deployed from here; change its declaration and run \`${next}\` instead, or, when Pulumi's state is lost, repeat with --ours`,
    );
  }
  if (!options.json) note(description(host, service, present));
  const copies = plannedCopies(service, present, options);
  const steps = ["Stop it", ...copies.map(({ from, to }) => `copy ${from} to ${to}`), "remove it"];
  if (!options.yes && !(await confirmed(`${steps.join(", ")}? Its volumes stay. [y/N] `))) {
    print("Nothing was changed.");
    return 1;
  }
  await copy(host, service, present, copies, ownerOf(service, contractsOf(hosts)));
  await remove(host, service, present, copies.length > 0);
  if (options.json)
    printJson(adoptedSchema, { removed: true, id: present.id, kept: present.mounts, copies, next });
  else print(`Removed ${present.id.slice(0, 12)}. Now: ${next}`);
  return 0;
}

function declaredService(
  hosts: ReturnType<typeof declarationsOf>,
  host: HostName,
  name: string,
): ServiceDeclaration {
  const services = hosts.find((declaration) => declaration.host === host)?.services ?? [];
  const found = services.find((service) => service.name === name);
  if (found) return found;
  throw new UserError(
    "HL-USAGE",
    `"${name}" is not declared on ${host}, so nothing would take its place; declared are: ${services.map((service) => service.name).join(", ")}`,
  );
}

async function copy(
  host: HostName,
  service: ServiceDeclaration,
  present: NamedContainer,
  copies: readonly Copy[],
  owner: string | undefined,
): Promise<void> {
  if (copies.length === 0) return;
  const script = copyScript(present.id, graceOf(service), copies, owner);
  const result = await runOnHost(host, script, COPY_SECONDS);
  if (result.exitCode === 0) {
    for (const { from, to } of copies) note(`Copied ${from} to ${to} and compared every file.\n`);
    return;
  }
  throw new HostError(
    "HL-ADOPT-COPY",
    host,
    result.exitCode === CONNECTION_LOST
      ? `the connection was lost while the data was copied, and the host starts the container again by itself; see with \`ssh ${host} docker ps\` that it runs, then repeat the command`
      : `the data was not copied, and the container runs as before: ${result.stderr.trim()}`,
    result.exitCode,
  );
}

function engineAway(host: HostName, { stderr, exitCode }: ScriptResult): HostError {
  const reason = lastLine(stderr);
  return new HostError(
    "HL-ENGINE",
    host,
    `Docker does not answer: ${reason}. Try \`ssh ${host} systemctl status docker\`; nothing was changed there.`,
    exitCode,
  );
}

function graceOf(service: ServiceDeclaration): number {
  return stopSeconds(service);
}

/** @param copied its data was copied, for which it was stopped */
async function remove(
  host: HostName,
  service: ServiceDeclaration,
  present: NamedContainer,
  copied: boolean,
): Promise<void> {
  const grace = graceOf(service);
  const left = copied
    ? ` Its data is copied, and it is stopped: repeat the command, or start it again with \`ssh ${host} docker start ${present.name}\`.`
    : "";
  let result: ScriptResult;
  try {
    result = await runOnHost(host, removeScript(present.id, grace), grace + LOOK_SECONDS);
  } catch (error) {
    if (!copied || !(error instanceof HostError)) throw error;
    throw new HostError("HL-ADOPT", host, `the container was not removed: ${error.message}${left}`);
  }
  if (result.exitCode === 0) return;
  throw new HostError(
    "HL-ADOPT",
    host,
    `the container could not be removed: ${result.stderr.trim()}${copied ? "." : ""}${left}`,
    result.exitCode,
  );
}

/** What it is, and what becomes of its data. */
export function description(
  host: HostName,
  service: ServiceDeclaration,
  present: NamedContainer,
): string {
  const declared = new Set(
    (service.mounts ?? []).flatMap((mount) =>
      mount.kind === "volume" ? [mount.volume] : mount.kind === "bind" ? [mount.source] : [],
    ),
  );
  const labels = Object.entries(present.labels).filter(
    ([key]) => key.startsWith("com.docker.compose.") || key.startsWith("homelab."),
  );
  const facts = [
    ["container", `${present.name} on ${host}, ${present.id.slice(0, 12)}, ${present.status}`],
    ["image", `${present.image} (declared: ${service.image})`],
    ["created", present.created],
    ...labels.map(([key, value]) => ["label", `${key}=${value}`]),
    ...present.mounts.map((mount) => [
      "keeps",
      `${mount.source} at ${mount.target}${declared.has(mount.source) ? "" : "; the declared service does not mount it"}`,
    ]),
  ];
  const warning =
    present.removesItself && present.mounts.some((mount) => mount.nameless)
      ? "It was started with --rm: the engine deletes its nameless volumes when it stops.\n"
      : "";
  return `${table(["what", "seen"], facts)}${warning}`;
}
