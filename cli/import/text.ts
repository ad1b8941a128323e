import { problemText } from "../../model/problem.ts";
import type { ImportReport } from "./report.ts";

type Reported = ImportReport["findings"][number];

const TITLES: Readonly<Record<Reported["kind"], string>> = {
  decide: "To decide; each is marked DECIDE in the files",
  changed: "Changed by the rules of the house",
  assumed: "Assumed, because the file says nothing",
  dropped: "Not carried over",
};

/** What a person reads after an import: what was written, what is left to do, and in which order. */
export function importText(report: ImportReport): string {
  const sections = Object.entries(TITLES).flatMap(([kind, title]) => {
    const found = report.findings.filter((finding) => finding.kind === kind);
    return found.length === 0
      ? []
      : [`${title}:\n${found.map((one) => `  ${findingText(one)}`).join("\n")}`];
  });
  const [importLine, appLine] = report.lines;
  const persons = report.secrets.filter(({ standsIn }) => standsIn !== null);
  const steps = [
    ...(report.exitCode === 3 ? ["decide what is listed above"] : []),
    `add to ${importLine?.file}:\n       ${importLine?.line}\n       ${appLine?.line}    (at its place in the start order, in a phase)`,
    "npx homelab images lock; npx homelab validate",
    ...(report.secrets.length > 0
      ? [
          `npx homelab secrets init ${report.host}${persons.map(({ name, standsIn }) => `\n       homelab:${name}: ${standsIn}`).join("")}`,
        ]
      : []),
    ...report.adopt.map((command) => `${command}    (where it runs today)`),
    `pulumi up -s ${report.host}`,
  ];
  return [
    `Written: ${report.files.join(", ")}`,
    ...sections,
    ...(report.problems.length > 0
      ? [
          `\`npx homelab validate\` would say:\n${report.problems.map((problem) => `  ${problemText(problem)}`).join("\n")}`,
        ]
      : []),
    `Next:\n${steps.map((step, index) => `  ${String(index + 1).padStart(2)}. ${step}`).join("\n")}`,
  ].join("\n\n");
}

function findingText({ compose, plan, message }: Reported): string {
  const at = [compose.file, compose.line].filter((part) => part !== null).join(":");
  const where = [at, compose.path].filter((part) => part !== "").join(" ");
  const text = `${where}: ${message}`;
  return plan === null ? text : `${plan.file}:${plan.line}: ${text}`;
}
