import { UserError } from "./errors.ts";
import type { HostName } from "./host-names.ts";
import { filesFolder } from "./paths.ts";

/** Record of the name that the host's apps have for the site's first user. */
export const FIRST_USER_RECORD = "first-user";

/** Where a deployment leaves that name on the host. */
export const FIRST_USER_FILE = `${filesFolder(FIRST_USER_RECORD)}/name`;

/** What is known of the first user on one host. */
export interface FirstUser {
  readonly host: HostName;
  /** As the site settings have it. */
  readonly declared: string;
  /** As the last deployment left it; undefined where none did. */
  readonly deployed: string | undefined;
  /** What a person does before it can be another, see AppPlan; none: nobody keeps it. */
  readonly steps: readonly string[];
}

/**
 * Stops before anything is made where a deployment would only bring another name to programs that
 * go on knowing the first user by the former: nobody could sign in with the new one, and the former
 * would go on opening what it opened.
 * @throws UserError HL-ADMIN-USER with what a person has to do, and where
 */
export function assertFirstUserKept({ host, declared, deployed, steps }: FirstUser): void {
  if (deployed === undefined || deployed === declared || steps.length === 0) return;
  const named = steps.map((step) =>
    step.replaceAll("{former}", deployed).replaceAll("{next}", declared),
  );
  const all = [
    ...named,
    `ssh ${host} "echo ${declared} >${FIRST_USER_FILE}", which says that the others are done`,
  ];
  throw new UserError(
    "HL-ADMIN-USER",
    `homelab:site.adminUser is "${declared}", and ${host} was deployed with "${deployed}". Some programs made that user at their first start and keep it among their own data, where no deployment changes it. Nothing was changed. While they run as they are:\n${all.map((step, index) => `  ${index + 1}. ${step}`).join("\n")}\nThen deploy again: every other program follows by itself. Or put "${deployed}" back.`,
  );
}
