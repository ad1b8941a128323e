import { HostError } from "../model/errors.ts";
import { noteIn, type PutBackNote } from "../model/fallback.ts";
import { gateProbe } from "../model/gate-script.ts";
import type { PlannedGate } from "../model/host-plan.ts";
import { isMember, MESH_FACTS } from "../model/mesh-script.ts";
import { FIRST_USER_FILE } from "../model/first-user.ts";
import { conditionRecord, putBackRecord, ROOT } from "../model/paths.ts";
import { NO_OVERRIDES, type OverrideFiles } from "../model/override-files.ts";
import { quote } from "../model/shell-text.ts";
import { engineFacts, engineFactsIn, type EngineFacts } from "./engine/engine-facts.ts";
import { UnreadableFact } from "./engine/inspect.ts";
import { imagesIn, type ImagesSeen } from "./images/image-look.ts";
import { lastLine } from "./last-line.ts";
import { overrideLook, overridesIn } from "./override-look.ts";
import { noisyLogin, runOnHost, Unreachable } from "./remote-shell.ts";

/**
 * What a host says about things that no provider reads back: files and units written there, its
 * gates, and containers that someone made under a name of ours. Read once before the program runs, in one
 * connection, so that a host that is away is reported in seconds and every preview sees drift.
 */
export interface Observation {
  /**
   * By service: the token of the last write when all files are as written, and what was made of
   * them too where the record has a look of its own, else undefined.
   */
  readonly files: Readonly<Record<string, string | undefined>>;
  /** Id of the container that last came to its gate, whether it has passed it or not, by service. */
  readonly gated: Readonly<Record<string, string>>;
  /** How the host's gates are now, by gate. */
  readonly conditions: Readonly<Record<string, ObservedGate>>;
  /** Token of the last enrolment in the mesh while the host is a member, else undefined. */
  readonly mesh: string | undefined;
  /** The first user's name as the last deployment left it there, where an app keeps that user. */
  readonly firstUser: string | undefined;
  /** The container that has the name now, by container name. */
  readonly containers: Readonly<Record<string, ObservedContainer>>;
  /** What the host did about a service by itself, while that is how it stands, by service. */
  readonly putBack: Readonly<Record<string, PutBackNote>>;
  /** Those of the devices asked for that are there. */
  readonly devices: readonly string[];
  /** What stands between services and another image, as far as it was asked for. */
  readonly data: readonly ObservedData[];
  /** The images that it has, of those asked for. */
  readonly images: ImagesSeen;
  /** What a person keeps there to have services otherwise than they are declared. */
  readonly overrides: OverrideFiles;
  /** What the engine says of everything that it has; undefined where it was not asked. */
  readonly engine?: EngineFacts;
}

/** What a deployment does about a service's data before its image changes. */
export interface ObservedData {
  readonly service: string;
  /** refused: the image cannot change so; copied: a copy is there first, unless nobody makes one. */
  readonly verdict: "refused" | "copied";
  /** Why it is refused, or the sidecars that copy it. */
  readonly words: string;
}

/** A gate to look at. */
export type Probe = Pick<PlannedGate, "name" | "condition">;

/** A condition outside the containers as the host sees it now. */
export interface ObservedGate {
  readonly open: boolean;
  /** In one line, why it is closed; empty when it is open. */
  readonly seen: string;
  /** How the last deployment's wait for it ended; undefined when none has waited. */
  readonly last: { readonly token: string; readonly open: boolean } | undefined;
}

/** A container as the engine lists it. */
export interface ObservedContainer {
  readonly id: string;
  /** Whether it carries this project's labels. */
  readonly labelled: boolean;
  /** Fingerprint of the declaration it was made from; empty when we did not make it. */
  readonly spec: string;
}

/**
 * Whether a container under a name of ours was made by somebody else.
 * @param gated id of the container that last came to the gate of that name
 */
export function isStranger(
  container: Pick<ObservedContainer, "id" | "labelled">,
  gated: string | undefined,
): boolean {
  // One that carries our labels without having passed its gate is ours: an `up` was cut short.
  return !container.labelled && container.id !== gated;
}

/**
 * Whether a container is ours and no deployment knows it: `pulumi up` was killed after the engine
 * had made it and before that was recorded, or somebody made it anew from ours. A gate notes its
 * container's id as the first thing after that was recorded.
 * @param gated id of the container that last came to the gate of that name
 */
export function isUnfinished(
  container: Pick<ObservedContainer, "id" | "labelled">,
  gated: string | undefined,
): boolean {
  return container.labelled && container.id !== gated;
}

/** An observation of a host on which nothing was ever deployed. */
export const EMPTY_OBSERVATION: Observation = {
  files: {},
  gated: {},
  conditions: {},
  mesh: undefined,
  firstUser: undefined,
  containers: {},
  putBack: {},
  devices: [],
  data: [],
  images: { digests: [], token: undefined },
  overrides: NO_OVERRIDES,
};

/**
 * A script that prints one line per fact: "file <record> <token> <ok|changed>",
 * "gate <service> <id>", "put-back <service> <note>", "condition <gate> <token> <open|closed|never>
 * <open|closed> <what was seen>", "mesh <token> <ok|changed>", "first-user <name> kept", "container
 * <name> <id> <spec label>", what further looks print, such as "data <service> <refused|copied> <words>",
 * and what the look at overrides prints. It changes nothing on the host. Gates are looked at side by side: each may take seconds to
 * find out that nobody answers.
 */
export function observationScript(gates: readonly Probe[], furtherLooks = ""): string {
  return `
${MESH_FACTS}
${gates.map(lookAtGate).join("")}
cd ${ROOT}/state 2>/dev/null && {
  for record in files/*; do
    [ -f "$record" ] || continue
    read -r token < "$record"
    state=ok
    sed 1d "$record" | sha256sum --check --status 2>/dev/null || state=changed
    look="${ROOT}/state/looks/\${record#files/}"
    [ ! -f "$look" ] || sh "$look" >/dev/null 2>&1 </dev/null || state=changed
    echo "file \${record#files/} $token $state"
  done
  for record in gates/*; do
    [ -f "$record" ] && read -r id < "$record" && echo "gate \${record#gates/} $id"
  done
  for record in ${putBackRecord("")}*; do
    [ -f "$record" ] && echo "put-back \${record##*/} $(head -n 1 "$record")"
  done
  if [ -f mesh ] && read -r token server < mesh; then
    state=changed
    ${isMember("$(mesh_state)")} && [ "$(mesh_server)" = "$server" ] && state=ok
    echo "mesh $token $state"
  fi
}
[ ! -s ${FIRST_USER_FILE} ] || echo "first-user $(head -n 1 ${FIRST_USER_FILE}) kept"
${overrideLook()}${furtherLooks}docker ps --all --no-trunc --format 'container {{.Names}} {{.ID}} {{.Label "homelab.spec"}}'
engine=$?
wait
(exit $engine)
`;
}

/** A gate that seems closed is looked at twice: one lost packet is no closed gate. */
function lookAtGate({ name, condition }: Probe, index: number): string {
  return `look${index}() (
${gateProbe(condition)}
)
{
  last=
  [ ! -f ${quote(conditionRecord(name))} ] || read -r last < ${quote(conditionRecord(name))}
  # A record that a power cut left empty says as little as none.
  [ -n "$last" ] || last="- never"
  if seen=$(look${index} 2>&1 </dev/null || { sleep 1; look${index} 2>&1 </dev/null; }); then
    echo "condition ${name} $last open"
  else
    echo "condition ${name} $last closed $(printf %s "$seen" | tail -n 1 | cut -c 1-300)"
  fi
} &
`;
}

/** Prints "device <path>" for each of the devices that is there. */
export function deviceFacts(devices: readonly string[]): string {
  return devices
    .map((device) => `[ ! -e ${quote(device)} ] || echo ${quote(`device ${device}`)}\n`)
    .join("");
}

/** A host that was reached has this long to answer. */
const LONGEST_SECONDS = 60;

/**
 * Reads what is on the host, and what its engine says of everything that it has.
 * @param gates the host's gates
 * @param devices paths to look for. @default none
 * @param furtherLooks script that prints what stands between services and another image, and which
 *   images are there. @default none
 * @throws HostError HL-UNREACHABLE when ssh cannot connect within 10 s, HL-HOST-SLOW when the host
 *   does not answer in time, HL-LOGIN when the login prints something, HL-ENGINE when Docker does
 *   not answer
 */
export async function observeHost(
  alias: string,
  gates: readonly Probe[],
  devices: readonly string[] = [],
  furtherLooks = "",
): Promise<Observation> {
  // First: what the engine answers last is the exit code.
  const script = engineFacts() + deviceFacts(devices) + observationScript(gates, furtherLooks);
  const result = await runOnHost(alias, script, LONGEST_SECONDS).catch((error: unknown) => {
    throw error instanceof Unreachable ? cutOff(alias, error.reason) : error;
  });
  if (result.greeting !== "") throw noisyLogin(alias, result.greeting);
  if (result.exitCode !== 0) {
    throw new HostError(
      "HL-ENGINE",
      alias,
      `Docker does not answer: ${lastLine(result.stderr)}. Try \`ssh ${alias} systemctl status docker\`; nothing was changed there.`,
      result.exitCode,
    );
  }
  return { ...parseObservation(result.stdout), engine: engineOn(alias, result.stdout) };
}

function engineOn(alias: string, output: string): EngineFacts {
  try {
    return engineFactsIn(output.split("\n"));
  } catch (error) {
    if (!(error instanceof UnreadableFact)) throw error;
    const text = `${error.message}; \`ssh ${alias} docker version\` says which engine it is. Nothing was changed there.`;
    throw new HostError("HL-ENGINE", alias, text);
  }
}

function cutOff(alias: string, reason: string): HostError {
  return new HostError(
    "HL-UNREACHABLE",
    alias,
    `${alias} cannot be reached: \`ssh ${alias}\` gave up (${reason}). Nothing was changed there, and the other hosts can be deployed meanwhile. Check that it is on and has its network, and that "Host ${alias}" in your ssh configuration names its address; when \`ssh ${alias} true\` works, repeat the command.`,
  );
}

/** The observation in the lines that the script printed. */
export function parseObservation(output: string): Observation {
  const files: Record<string, string | undefined> = {};
  const gated: Record<string, string> = {};
  const conditions: Record<string, ObservedGate> = {};
  const containers: Record<string, ObservedContainer> = {};
  const putBack: Record<string, PutBackNote> = {};
  const devices: string[] = [];
  const data: ObservedData[] = [];
  let mesh: string | undefined;
  let firstUser: string | undefined;
  const lines = output.split("\n");
  for (const line of lines) {
    const [kind, name, value, state = "", now, ...words] = line.split(" ");
    if (kind === "device" && name) devices.push(name);
    if (!name || !value) continue;
    if (kind === "file") files[name] = state === "ok" ? value : undefined;
    if (kind === "gate") gated[name] = value;
    if (kind === "put-back") {
      const note = noteIn(line.split(" ").slice(2).join(" "));
      if (note) putBack[name] = note;
    }
    if (kind === "condition") {
      conditions[name] = {
        open: now === "open",
        seen: words.join(" "),
        last: state === "never" ? undefined : { token: value, open: state === "open" },
      };
    }
    if (kind === "first-user") firstUser = name;
    if (kind === "mesh") mesh = value === "ok" ? name : undefined;
    if (kind === "data" && (value === "refused" || value === "copied")) {
      data.push({
        service: name,
        verdict: value,
        words: line.split(" ").slice(3).join(" ").trim(),
      });
    }
    if (kind === "container")
      containers[name] = { id: value, labelled: Boolean(state), spec: state };
  }
  // One of a container that is there no longer, or is there again, is over.
  for (const [name, { container }] of Object.entries(putBack)) {
    if (container !== (containers[name]?.id ?? "none")) delete putBack[name];
  }
  return {
    ...{ files, gated, conditions, mesh, firstUser, containers, putBack, devices, data },
    images: imagesIn(lines),
    overrides: overridesIn(lines),
  };
}
