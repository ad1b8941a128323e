import type { ConformanceRun, NotRun } from "./conformance-run.ts";
import { isAbout } from "./image-reference.ts";
import type {
  CapabilityNeeds,
  DataRule,
  Fact,
  ImageContract,
  ImageProcess,
} from "./image-contract.ts";

/** The fields of a contract that a source stands for, in the order of the page. */
const FIELDS = [
  "tag",
  "processes",
  "capabilities",
  "checkPrograms",
  "volumes",
  "ports",
  "writes",
  "firstStartOnly",
  "memoryFloor",
  "secretReader",
  "data",
] as const satisfies readonly (keyof ImageContract)[];

const TITLES: Readonly<Record<(typeof FIELDS)[number], string>> = {
  tag: "tag",
  processes: "processes, PID 1 first",
  capabilities: "capabilities",
  checkPrograms: "programs for a check",
  volumes: "volumes",
  ports: "ports",
  writes: "writes",
  firstStartOnly: "counts at the first start only",
  memoryFloor: "least memory",
  secretReader: "reads files as",
  data: "an older version opens its data",
};

/**
 * The page docs/conformance.md.
 * @param runs of real programs, each as it is declared
 * @param notRun why the others were not run
 */
export function conformancePage(
  contracts: readonly ImageContract[],
  runs: readonly ConformanceRun[],
  notRun: NotRun,
): string {
  const sorted = contracts.toSorted((a, b) => a.reference.localeCompare(b.reference));
  const all = sorted.flatMap((contract) => factsOf(contract).map(([, fact]) => fact));
  const readCount = all.filter((fact) => !("unread" in fact)).length;
  const overview = sorted.map((contract) => {
    const facts = factsOf(contract);
    const open = facts.flatMap(([field, fact]) => ("unread" in fact ? [TITLES[field]] : []));
    return `| ${contract.reference} | ${facts.length - open.length} of ${facts.length} | ${open.join("; ")} |`;
  });
  return `# Conformance

What each image asks of who runs it, field by field with its source. \`npx homelab validate\` holds every declaration against it; a field that nobody read is not judged.

- Images: ${contracts.length}.
- Fields of their contracts: ${all.length}. Read: ${readCount}. Not read: ${all.length - readCount}.
- Run for real, under the house rules: ${new Set(runs.map(({ image }) => image)).size}, as ${runs.length} services.

This page is written from the contracts (\`components/*/*.image.ts\`) and the runs: \`make conformance\`, or without one \`npx vitest run --project unit test/model/conformance.test.ts -u\`.

## What was run

${runsSection(runs)}
## What was not run

${notRunSection(sorted, runs, notRun)}
## What was read

| image | fields read | not read |
|---|---|---|
${overview.join("\n")}

${sorted.map(section).join("\n")}`;
}

function runsSection(runs: readonly ConformanceRun[]): string {
  const rows = runs
    .toSorted((a, b) => a.image.localeCompare(b.image) || a.service.localeCompare(b.service))
    .map((run) => {
      const cells = [
        run.image,
        run.service,
        run.version,
        run.from,
        run.asked,
        `${run.healthySeconds} s`,
        `${run.stoppedSeconds} s of ${run.stopLimitSeconds} s, with ${run.exitCode}`,
        `${run.peakMebibytes} of ${run.limitMebibytes} MiB`,
        run.date,
      ];
      return `| ${cells.map(cell).join(" | ")} |`;
    });
  return `Each is the container that is declared: its command, user, capabilities, limits, mounts, files and health check. It was started on a real engine, came to be healthy by its own check, gave a right answer, and ended by itself when it was asked to.

| image | as | version run | from | asked | healthy after | stopped after, of its time, exit code | most memory, with page cache, of its limit | on |
|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}
`;
}

function notRunSection(
  contracts: readonly ImageContract[],
  runs: readonly ConformanceRun[],
  notRun: NotRun,
): string {
  const rows = contracts
    .filter(({ reference }) => !runs.some(({ image }) => isAbout(reference, image)))
    .map(
      ({ reference }) =>
        `| ${reference} | ${cell(notRun[reference] ?? "its run is written, and was not made yet")} |`,
    );
  return `| image | why |
|---|---|
${rows.join("\n")}
`;
}

function section(contract: ImageContract): string {
  const lines = factsOf(contract).map(([field, fact]) => `| ${TITLES[field]} | ${cells(fact)} |`);
  const files = contract.read.map(
    ({ repository, ref, path }) => `${repository} at ${ref}, ${path}`,
  );
  return `## ${contract.reference}

Read: ${files.join("; ") || "nothing"}. Takes secrets by: ${contract.secrets}. Stops at: ${contract.stopSignal ?? "SIGTERM"}.

| field | value | source, or why it is not known |
|---|---|---|
${lines.join("\n")}
`;
}

function cells(fact: Fact<FieldValue>): string {
  return "unread" in fact
    ? `not read | ${cell(fact.unread)}`
    : `${cell(valueText(fact.value))} | ${cell(fact.source)}`;
}

type Field = (typeof FIELDS)[number];
type FieldValue = string | readonly string[] | readonly ImageProcess[] | CapabilityNeeds | DataRule;

/** The fields of a contract; data only where it keeps any. */
function factsOf(contract: ImageContract): [Field, Fact<FieldValue>][] {
  return FIELDS.flatMap((field): [Field, Fact<FieldValue>][] => {
    const fact = contract[field];
    return fact ? [[field, fact]] : [];
  });
}

function valueText(value: FieldValue): string {
  if (typeof value === "string") return value;
  if ("olderOpens" in value) {
    return `${value.olderOpens}${value.newerOpens ? "" : "; nor does a newer one"}`;
  }
  if (isList(value)) {
    const words = value.map((item) =>
      typeof item === "string" ? item : `${item.program} (${item.role}, ${item.user})`,
    );
    return words.join(", ") || "none";
  }
  const needs = (["start", "work", "stop"] as const).filter((part) => value[part].length > 0);
  return needs.map((part) => `${part}: ${value[part].join(", ")}`).join("; ") || "none";
}

function isList(value: FieldValue): value is readonly string[] | readonly ImageProcess[] {
  return Array.isArray(value);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
