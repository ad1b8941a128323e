import { DATA_FOLDER } from "../../components/data/postgres.plan.ts";
import { counted } from "../../model/counted.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { HostError, UserError } from "../../model/errors.ts";
import type { HostName } from "../../model/host-names.ts";
import { pinned } from "../../model/image-reference.ts";
import { CONNECTION_LOST, runOnHost } from "../../hosts/remote-shell.ts";
import {
  declarationsOf,
  lockPathOf,
  openProject,
  readLock,
  type Project,
} from "../../workspace/project.ts";
import { hostNamed } from "../arguments.ts";
import { parseRestore } from "../backup/restore-result.ts";
import { assertCanAsk, confirmed } from "../confirm.ts";
import { lastLine } from "../../hosts/last-line.ts";
import { after } from "../host-answer.ts";
import { note, print, printJson } from "../output.ts";
import { size, table } from "../table.ts";
import { convertAnswerSchema } from "./answer.ts";
import { CONVERT_SECONDS, convertLook, convertScript, type Conversion } from "./convert-script.ts";

/** Time in which a host looks. */
const LOOK_SECONDS = 120;
/** Room that must be left on the disk: 1 GiB. */
const SPARE_KIB = 1024 ** 2;

/** How `homelab database convert` was called. */
export interface ConvertOptions {
  readonly host: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

/**
 * Brings a PostgreSQL's data into the form of the image that is declared, which another major version
 * cannot do in its place; answers the exit code.
 * @throws UserError HL-USAGE, HL-LOCK, HL-CONFIRM
 * @throws HostError HL-CONVERT when database and users are as they were, HL-CONVERT-LOST
 */
export async function convertDatabase(name: string, options: ConvertOptions): Promise<number> {
  assertCanAsk(options);
  const project = await openProject();
  const only = options.host === undefined ? undefined : hostNamed(options.host);
  const declared = declarationsOf(project).filter(
    ({ host }) => only === undefined || host === only,
  );
  const { host, conversion } = await conversionOf(project, declared, name);
  const look = await lookAt(host, conversion);
  const answer = { host, database: name, from: look.image, to: conversion.image };
  if (look.image === conversion.image) {
    if (options.json) {
      printJson(convertAnswerSchema, { ...answer, converted: false, tables: 0, kept: [] });
    } else print(`${name} on ${host} runs ${shortName(look.image)} already, as declared.`);
    return 0;
  }
  note(planText(host, conversion, look));
  if (!options.yes && !(await confirmed("Convert it? [y/N] "))) {
    print("Nothing was changed.");
    return 1;
  }
  const run = await runOnHost(host, convertScript(conversion), CONVERT_SECONDS + LOOK_SECONDS);
  const done = parseRestore(run.stdout, [{ source: conversion.volume, target: "" }]);
  if (run.exitCode === CONNECTION_LOST && done.problems.length === 0 && !done.complete) {
    throw new HostError(
      "HL-CONVERT-LOST",
      host,
      `the connection was lost, and the host goes on by itself: ${name} will be either as it was or converted whole. Look with \`ssh ${host} docker ps --all\`; when it is stopped and its old folder is kept aside: pulumi up -s ${host}`,
      CONNECTION_LOST,
    );
  }
  if (run.exitCode !== 0 || !done.complete) {
    throw refused(host, name, done.problems.join("; ") || lastLine(run.stderr));
  }
  const tables = run.stdout.split("\n").filter((line) => line.startsWith("fact table "));
  if (options.json) {
    const kept = [...done.kept].map(([volume, path]) => ({ volume, path }));
    printJson(convertAnswerSchema, { ...answer, converted: true, tables: tables.length, kept });
    return 0;
  }
  print(
    [
      `${name}: ${counted(tables.length, "table")}, each equal row for row before and after.`,
      ...[...done.kept].map(
        ([volume, path]) =>
          `What was in ${volume} is kept; remove it when you have looked: ssh ${host} rm -r ${path}`,
      ),
      `It and who uses it are stopped. Now: pulumi up -s ${host}`,
    ].join("\n"),
  );
  return 0;
}

async function conversionOf(
  project: Project,
  hosts: readonly HostDeclaration[],
  name: string,
): Promise<{ host: HostName; conversion: Conversion }> {
  const all = hosts.flatMap(({ host, services }) =>
    services.flatMap((database) => (database.databaseRole ? [{ host, services, database }] : [])),
  );
  const found = all.filter(({ database }) => database.name === name);
  const [one] = found;
  const data = one?.database.mounts?.find(({ target }) => target === DATA_FOLDER);
  if (!one || found.length > 1 || data?.kind !== "volume") {
    const known = all.map(({ host, database }) => `${host}/${database.name}`).join(", ");
    throw new UserError(
      "HL-USAGE",
      found.length > 1
        ? `several hosts have a "${name}"; say which one with --host`
        : `"${name}" is no database here; the databases are: ${known}`,
    );
  }
  const { host, services, database } = one;
  const path = lockPathOf(project, host);
  const digest = (await readLock(path)).images[database.image];
  if (digest === undefined) {
    throw new UserError(
      "HL-LOCK",
      `"${path}" has no digest of ${database.image}; \`npx homelab images lock\` adds it`,
    );
  }
  const users = services.filter(
    ({ backup, requires = [] }) =>
      !backup && requires.some(({ on, strength }) => on === name && strength === "hard"),
  );
  return {
    host,
    conversion: {
      database,
      volume: data.volume,
      target: data.target,
      image: pinned(database.image, digest),
      users: users.map((user) => user.name),
    },
  };
}

interface ConvertLook {
  readonly image: string;
  readonly users: readonly string[];
  readonly neededKib: number;
  readonly freeKib: number;
}

async function lookAt(host: HostName, conversion: Conversion): Promise<ConvertLook> {
  const { name } = conversion.database;
  const { exitCode, stdout, stderr } = await runOnHost(host, convertLook(conversion), LOOK_SECONDS);
  const lines = stdout.split("\n");
  const said = (word: string): string | undefined => after(lines, word)[0]?.trim();
  const problem = said("problem");
  if (problem !== undefined) throw refused(host, name, problem);
  const [neededKib = 0, freeKib = 0] = (said("room") ?? "").split(" ").map(Number);
  if (exitCode !== 0) throw refused(host, name, lastLine(stderr));
  if (neededKib + SPARE_KIB > freeKib) {
    throw refused(
      host,
      name,
      `it needs ${size(neededKib * 1024)} and 1 GiB to spare, and its disk has ${size(freeKib * 1024)} free`,
    );
  }
  const users = (said("users") ?? "").split(" ").filter((user) => user !== "");
  return { image: said("image") ?? "", users, neededKib, freeKib };
}

function planText(host: HostName, { volume, image }: Conversion, look: ConvertLook): string {
  return table(
    ["what", "seen"],
    [
      ["from", shortName(look.image)],
      ["to", shortName(image)],
      ["stops", look.users.join(", ") || "nobody"],
      ["keeps", `what is in ${volume} on ${host} now, beside it`],
      ["room", `${size(look.neededKib * 1024)} for a while`],
    ],
  );
}

function refused(host: HostName, name: string, reason: string): HostError {
  return new HostError("HL-CONVERT", host, `${name} is as it was: ${reason}`);
}

function shortName(image: string): string {
  return image.replace(/@.*/, "");
}
