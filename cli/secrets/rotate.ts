import { UserError } from "../../model/errors.ts";
import type { HostName } from "../../model/host-names.ts";
import { secretsAmong, stacksWith } from "../../model/host-secrets.ts";
import type { SecretEntry, SecretName } from "../../model/secrets.ts";
import { print, printJson } from "../output.ts";
import {
  declarationsOf,
  openProject,
  secretKey,
  secretState,
  type Project,
} from "../../workspace/project.ts";
import { assertPulumiEnvironment, setSecret } from "../../workspace/pulumi.ts";
import { inAllOrNone } from "../../workspace/secrets/all-or-none.ts";
import { generateValue, supplyCommand } from "../../workspace/secrets/plan.ts";
import { rotateAnswerSchema } from "./answers.ts";

/** Gives a secret a new value in every stack that shares it, and says what to do then. */
export async function rotateSecret(
  text: string,
  options: { readonly force: boolean; readonly json: boolean },
): Promise<void> {
  const project = await openProject();
  const hosts = declarationsOf(project);
  const entry = secretsAmong(hosts)[text];
  if (entry === undefined) {
    throw new UserError(
      "HL-USAGE",
      `"${text}" is not a secret; \`npx homelab secrets list\` names them`,
    );
  }
  const { origin } = entry;
  const stacks = stacksWith(text, hosts);
  if (origin.kind === "person") {
    const steps = [
      `make a new one where it comes from: ${origin.example}`,
      ...stacks.map((stack) => `${supplyCommand(text, stack)}, which asks for it`),
      ...stacks.map(deployCommand),
      "where it comes from, take the old one away: nothing here ends it",
    ];
    throw new UserError(
      "HL-SECRET-PERSON",
      `only a person can make "${text}" anew. Nothing was changed. Give it another value so:\n${numbered(steps)}`,
    );
  }
  assertInEveryStack(project, text, stacks);
  if (!options.force) assertDeployable(text, entry);
  assertPulumiEnvironment(project, stacks);
  const value = generateValue(origin);
  const files = stacks.map((stack) => project.stacks[stack].path);
  await inAllOrNone(files, async () => {
    for (const stack of stacks) await setSecret(project, stack, secretKey(text), value);
  });
  const steps = stepsAfter(entry, stacks);
  if (options.json)
    printJson(rotateAnswerSchema, {
      name: text,
      stacks,
      commands: stacks.map(deployCommand),
      steps,
    });
  else {
    print(
      `"${text}" has a new value in ${stacks.join(", ")}. Nothing uses it yet; now, in this order:\n${steps.map((line) => `  ${line}`).join("\n")}`,
    );
  }
}

function deployCommand(stack: HostName): string {
  return `pulumi up -s ${stack}`;
}

/** A stack left out would go on with the old value, and be locked out by those that have the new. */
function assertInEveryStack(project: Project, name: SecretName, stacks: readonly HostName[]): void {
  const lacking = stacks.filter((stack) => secretState(project, stack, name) === "missing");
  if (lacking.length === 0) return;
  if (lacking.length === stacks.length) {
    throw new UserError(
      "HL-SECRET-MISSING",
      `no stack has "${name}" yet; \`npx homelab secrets init\` makes it`,
    );
  }
  const commands = lacking.map((stack) => `  pulumi config refresh -s ${stack}`);
  throw new UserError(
    "HL-SECRET-MISSING",
    `${stacks.join(", ")} share "${name}", and the stack file of ${lacking.join(" and ")} lacks it here; a new value in the others alone would lock them out of each other, so nothing was changed. Where the stack was deployed, fetch it:\n${commands.join("\n")}\nWhere it never was: npx homelab secrets init ${lacking.join(" ")}. Then repeat this.`,
  );
}

/** Stops before anything changes where a deployment alone does not bring the new value in. */
function assertDeployable(name: SecretName, { rotation, boundTo: bound }: SecretEntry): void {
  if (bound !== undefined) {
    throw new UserError(
      "HL-SECRET-BOUND",
      `"${name}" opens data that exists: ${bound}. Nothing was changed. Give it another value so:\n${numbered(rotation.kind === "by-hand" ? rotation.steps : [])}\n--force makes one up all the same; then that data is lost to everybody who has not kept the old one.`,
    );
  }
  if (rotation.kind === "never") {
    throw new UserError("HL-SECRET-BY-HAND", `"${name}" is never changed: ${rotation.why}`);
  }
  if (rotation.kind === "by-hand") {
    throw new UserError(
      "HL-SECRET-BY-HAND",
      `a new value of "${name}" needs a person. Nothing was changed. Repeat with --force, and then:\n${numbered(rotation.steps)}`,
    );
  }
}

/** What is to be done once the new value is in the config. */
function stepsAfter(
  { rotation, boundTo }: SecretEntry,
  stacks: readonly HostName[],
): readonly string[] {
  const byHand = rotation.kind === "by-hand" && boundTo === undefined;
  return byHand ? rotation.steps : stacks.map(deployCommand);
}

function numbered(steps: readonly string[]): string {
  return steps.map((step, index) => `  ${index + 1}. ${step}`).join("\n");
}
