import type { ImportedApp } from "../../compose/import.ts";
import { keyOf } from "../../compose/write/code.ts";
import type { HostName } from "../../model/host-names.ts";
import type { Problem } from "../../model/problem.ts";
import { quote } from "../../model/shell-text.ts";
import type { ImportReport } from "./report.ts";

/** What is known of an import beside the app. */
export interface ImportFacts {
  readonly host: HostName;
  readonly problems: readonly Problem[];
  readonly written: boolean;
}

/** The report of an import; the marks of decisions are looked up in the files as they are written. */
export function importReport(imported: ImportedApp, facts: ImportFacts): ImportReport {
  const { app, functionName, call, files, findings, secrets, takenOver } = imported;
  const { host, problems, written } = facts;
  const [plan] = files;
  const decisions = findings.some(({ kind }) => kind === "decide");
  const household = `household/${host}.plan.ts`;
  return {
    version: 1,
    exitCode: decisions || problems.length > 0 ? 3 : 0,
    app,
    host,
    files: files.map(({ path }) => path),
    written,
    lines: [
      { file: household, line: `import { ${functionName} } from "../${plan?.path ?? ""}";` },
      { file: household, line: `${keyOf(app)}: ${call},` },
    ],
    findings: findings.map(({ kind, file, line, path, message, number }) => ({
      kind,
      compose: { file: file === "" ? null : file, line: line ?? null, path },
      plan: number === undefined ? null : (markOf(imported, number) ?? null),
      message,
    })),
    problems: problems.map(({ path, message }) => ({ path, message })),
    secrets: secrets.map(({ name, standsIn }) => ({ name, standsIn: standsIn ?? null })),
    adopt: takenOver.map(({ container, service, volumes }) =>
      [
        `npx homelab adopt ${host} ${service}`,
        ...(container === service ? [] : [`--from ${container}`]),
        ...volumes.map(([old, declared]) => `--volume ${quote(`${old}=${declared}`)}`),
      ].join(" "),
    ),
  };
}

function markOf({ files }: ImportedApp, number: number) {
  for (const { path, text } of files) {
    const line = text.split("\n").findIndex((each) => each.includes(`DECIDE ${number}:`));
    if (line >= 0) return { file: path, line: line + 1 };
  }
  return undefined;
}
