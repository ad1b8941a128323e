import type { DeployReport, HostOutcome, PutBack } from "../../deploy/staged/report.ts";
import { cell } from "../table.ts";

/** The summary for a person: for each host how it went, how far it came, and where to read on. */
export function deployText({ hosts }: DeployReport): string {
  return hosts.map((host) => hostText(host, WORDS)).join("\n");
}

/** The same of hosts that were brought back after an outage. */
export function broughtBackText({ hosts }: DeployReport): string {
  return hosts.map((host) => hostText(host, { ...WORDS, done: "back" })).join("\n");
}

function hostText(host: HostOutcome, words: typeof WORDS): string {
  const { error, cause, log, diagnostics, receipt, next } = host;
  const stage = host.stage === null ? "" : `, last stage ${host.stage}`;
  const lines = [`${host.host}: ${words[host.outcome]}${stage} (${host.seconds.toFixed(0)} s)`];
  if (error) {
    const code = error.code === null ? "" : `${error.code}: `;
    lines.push(...`${code}${error.message}`.split("\n").map((line) => `  ${cell(line, Infinity)}`));
  }
  if (cause !== null) lines.push(`  most probable cause: ${cell(cause, Infinity)}`);
  const places = { log, diagnostics, receipt };
  for (const [name, path] of Object.entries(places)) {
    if (path !== null) lines.push(`  ${name.padEnd(11)} ${host.host}:${path}`);
  }
  if (host.putBack) lines.push(...putBackLines(host.putBack));
  if (next !== null) lines.push(`-> ${next}`);
  return `${lines.join("\n")}\n`;
}

function putBackLines({ services, began, trouble }: PutBack): string[] {
  if (began === null) return [`  nothing is put back: ${cell(trouble ?? "", Infinity)}`];
  const lines = [`  put back, as deployed at ${began}: ${services.join(", ")}`];
  return trouble === null ? lines : [...lines, `  which is not well: ${cell(trouble, Infinity)}`];
}

const WORDS: Readonly<Record<HostOutcome["outcome"], string>> = {
  done: "deployed",
  nothing: "nothing to do",
  absent: "away, as it may be: nothing was done there",
  failed: "FAILED",
  refused: "REFUSED",
};
