import type { ChainLink, Finding, WhyAnswer } from "./answer.ts";

/** Longest list of what differs. */
const NAMED = 3;

/** How the sentence begins, and what then leads to a requirement. */
const BEGINNINGS: Readonly<Record<Finding["state"], { is: string; needs: string }>> = {
  ready: { is: "runs and is healthy, but", needs: "it needs" },
  starting: { is: "is still starting:", needs: "it needs" },
  unhealthy: { is: "is unhealthy:", needs: "it needs" },
  stopped: { is: "does not run:", needs: "it waits for" },
  missing: { is: "does not run:", needs: "it waits for" },
  replaced: { is: "is not the one deployed:", needs: "it waits for" },
  closed: { is: "is closed:", needs: "it waits for" },
  away: { is: "is away:", needs: "it waits for" },
  unknown: { is: "is out of sight:", needs: "it is on" },
};

/** The verdict on a service in one sentence, with the cause that has to be mended first. */
export function sentenceOf(
  chain: readonly ChainLink[],
  causes: readonly ChainLink[],
  differences: WhyAnswer["differences"],
): string {
  const [own] = chain;
  if (!own) return "";
  const [host = "", name = ""] = own.id.split("/");
  const { is, needs } = BEGINNINGS[own.state];
  const [first] = causes;
  if (!first) {
    if (differences.length === 0) return `${name} is well: it ${own.detail}`;
    return `${name} ${is} not as it is declared: ${differenceText(differences)}`;
  }
  const others = causes.filter(({ strength }) => strength === first.strength).length - 1;
  const more =
    others === 0
      ? ""
      : others === 1
        ? "; there is 1 more cause"
        : `; there are ${others} more causes`;
  const why =
    first.id === own.id
      ? `it ${own.detail}${saidText(own)}`
      : `${first.strength === "soft" ? "it goes without" : needs} ${wayText(chain, first, host)}`;
  return `${name} ${is} ${why}${more}`;
}

/** What is in the way, what lies between, and how it is. */
function wayText(chain: readonly ChainLink[], cause: ChainLink, host: string): string {
  const between = nodesBetween(chain, cause);
  if (cause.state === "away") {
    // What is on the host stands last before it.
    const last = between.pop();
    const on = last === undefined ? "" : `${spoken(last, host)}${through(between, host)} on `;
    return `${on}${cause.id}, which is away`;
  }
  const way = `${spoken(cause.id, host)}${through(between, host)}`;
  return `${way}, which ${cause.detail}${saidText(cause)}`;
}

function through(ids: readonly string[], host: string): string {
  return ids.length === 0 ? "" : ` (through ${ids.map((id) => spoken(id, host)).join(", ")})`;
}

/** What lies on one way from the service to the cause, without both. */
function nodesBetween(chain: readonly ChainLink[], cause: ChainLink): string[] {
  const between: string[] = [];
  const [service] = chain;
  let [id] = cause.neededBy;
  while (id !== undefined && id !== service?.id && !between.includes(id)) {
    between.unshift(id);
    [id] = chain.find((link) => link.id === id)?.neededBy ?? [];
  }
  return between;
}

/** "redis", "nas/restic-rest", "gate nas-media". */
function spoken(id: string, host: string): string {
  const short = id.startsWith(`${host}/`) ? id.slice(host.length + 1) : id;
  return short.replace(/^gate:/, "gate ");
}

function saidText({ output }: Finding): string {
  return output === null ? "" : `: "${output}"`;
}

function differenceText(differences: WhyAnswer["differences"]): string {
  const fields = differences.map(({ kind, name, field }) =>
    kind === "container" ? field : `${kind} ${name}`,
  );
  const names = [...new Set(fields)];
  const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return `${names.slice(0, NAMED).join(", ")}${rest}`;
}
