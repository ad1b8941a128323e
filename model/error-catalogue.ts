import { BENCH } from "./error-catalogue/bench.ts";
import { COMMAND } from "./error-catalogue/command.ts";
import { CONTROL_PLANE } from "./error-catalogue/control-plane.ts";
import { DATA } from "./error-catalogue/data.ts";
import { DECLARATIONS } from "./error-catalogue/declarations.ts";
import { DEPLOYMENTS } from "./error-catalogue/deployments.ts";
import type { Errors } from "./error-catalogue/entry.ts";
import { HOSTS } from "./error-catalogue/hosts.ts";
import { SANDBOX } from "./error-catalogue/sandbox.ts";
import { SECRETS } from "./error-catalogue/secrets.ts";
import { TAKING_OVER } from "./error-catalogue/taking-over.ts";

/**
 * Every error code, in the order of docs/reference/errors.md, which is written from this; a file
 * for each kind of error. A code never changes its meaning; one that is no longer used is removed
 * and not given to another.
 */
export const ERRORS: Errors = {
  ...COMMAND,
  ...DECLARATIONS,
  ...HOSTS,
  ...DEPLOYMENTS,
  ...TAKING_OVER,
  ...DATA,
  ...CONTROL_PLANE,
  ...SECRETS,
  ...SANDBOX,
  ...BENCH,
};

/** The page docs/reference/errors.md. */
export function errorsPage(): string {
  const sections = Object.entries(ERRORS).map(
    ([code, { meaning, remedy }]) => `## ${code}\n\n${meaning}\n\n**What to do:** ${remedy}\n`,
  );
  return `# Error codes

Every error is printed as \`error <code>: <message>\`, or \`error <code> on <host>: <message>\`. Exit
code 2 means that the input has to change, 1 that something failed. With \`--json\` the same is
printed for programs, too ([how](json.md)).

This page is written from \`model/error-catalogue/\`: \`npx vitest run --project unit test/model/error-catalogue.test.ts -u\`.

${sections.join("\n")}`;
}
