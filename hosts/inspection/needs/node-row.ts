import type { HostAnswer } from "../answer.ts";
import type { Verdict } from "../rows.ts";

/** Oldest Node.js that runs the boot orchestrator. */
const LEAST = 18;

/** The point about Node.js, as the boot unit finds it: systemd knows no ~/.nvm and no profile. */
export function nodeRow({ node }: Pick<HostAnswer, "node">): Verdict {
  const check = "node";
  const major = Number(/^v(\d+)\./.exec(node.version)?.[1]);
  if (major >= LEAST) return { check, state: "ok", seen: node.version, remedy: "" };
  const install = `install the package nodejs; the boot orchestrator runs with it, version ${LEAST} or newer`;
  if (!Number.isNaN(major)) {
    const seen = `${node.version}, older than ${LEAST}`;
    return { check, state: "failure", seen, remedy: install };
  }
  if (node.login === "") {
    return { check, state: "failure", seen: node.version || "no answer", remedy: install };
  }
  return {
    check,
    state: "failure",
    seen: `${node.login} is found by a login only: a unit looks in ${node.path}`,
    remedy: `${install}; or, if it stays where it is: ln -s ${node.login} /usr/local/bin/node`,
  };
}
