import { HostError, UserError } from "../../model/errors.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import type { SecretName } from "../../model/secrets.ts";
import { print, printJson } from "../output.ts";
import { openProject, secretKey, secretState } from "../project.ts";
import { assertPulumiEnvironment, setSecret } from "../pulumi.ts";
import { BOUND_TO_DATA, entryOf, generateValue, isSecretName, supplyCommand } from "./plan.ts";

/** Gives a secret a new value in every stack that has it, and says what to deploy. */
export async function rotateSecret(
  text: string,
  options: { readonly force: boolean; readonly json: boolean },
): Promise<void> {
  if (!isSecretName(text)) {
    throw new UserError(
      "HL-USAGE",
      `"${text}" is not a secret; \`npx homelab secrets list\` names them`,
    );
  }
  const project = await openProject();
  const stacks = HOSTS.filter((host) => secretState(project, host, text) !== "missing");
  const { origin } = entryOf(text);
  if (origin.kind === "person") {
    const commands = entryOf(text).hosts.map((host) => `  ${supplyCommand(text, host)}`);
    throw new UserError(
      "HL-SECRET-PERSON",
      `only a person can make "${text}" anew (${origin.example}); then type:\n${commands.join("\n")}`,
    );
  }
  if (stacks.length === 0) {
    throw new UserError(
      "HL-SECRET-MISSING",
      `no stack has "${text}" yet; \`npx homelab secrets init\` makes it`,
    );
  }
  const bound = BOUND_TO_DATA[text];
  if (bound !== undefined && !options.force) {
    throw new UserError(
      "HL-SECRET-BOUND",
      `"${text}" opens data that exists: ${bound}. When that is done, repeat with --force.`,
    );
  }
  assertPulumiEnvironment(project, stacks);
  await setEverywhere(text, stacks, async (stack, value) =>
    setSecret(project, stack, secretKey(text), value),
  )(generateValue(origin));
  const commands = stacks.map((stack) => `pulumi up -s ${stack}`);
  if (options.json) {
    printJson({ name: text, stacks, commands });
  } else {
    print(
      `"${text}" has a new value in ${stacks.join(", ")}. Nothing uses it yet; deploy, in this order:\n${commands.map((line) => `  ${line}`).join("\n")}`,
    );
  }
}

/** Says, when it fails half way, that stacks now disagree and how to mend it. */
function setEverywhere(
  name: SecretName,
  stacks: readonly HostName[],
  set: (stack: HostName, value: string) => Promise<void>,
): (value: string) => Promise<void> {
  return async (value) => {
    const done: HostName[] = [];
    for (const stack of stacks) {
      try {
        await set(stack, value);
        done.push(stack);
      } catch (error) {
        if (done.length === 0 || !(error instanceof HostError)) throw error;
        throw new HostError(
          error.code,
          error.host,
          `${error.message}\n${done.join(", ")} already has the new value and ${stack} the old one. Deploy nothing before \`npx homelab secrets rotate ${name}\` went through.`,
          error.exitCode,
        );
      }
    }
  };
}
