import type { Vault } from "../secrets/vault.ts";
import { placeText, type ComposeService } from "./project.ts";

/** Space between words that no command has in a word. */
const BETWEEN = "\u2028";

/** Every text of a service in which a secret may stand, with marks in its place. */
export function covered(
  service: ComposeService,
  vault: Vault,
): Pick<ComposeService, "fields" | "environment"> {
  const { fields, environment, name, place } = service;
  const cover = (variable: string, key: string) => (text: string) =>
    vault.cover(text, variable, `the ${key} of ${name} in ${placeText(place(key))}`);
  const { healthcheck, labels } = fields;
  // Option and value are two words, and are looked at as one line.
  const words = (key: "command" | "entrypoint", list: readonly string[]) =>
    cover(`${name}_PASSWORD`, key)(list.join(BETWEEN)).split(BETWEEN);
  return {
    environment: Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [
        key,
        vault.cover(value, `${key}_PASSWORD`, `${key} in ${placeText(place("environment", key))}`),
      ]),
    ),
    fields: {
      ...fields,
      ...(fields.command && { command: words("command", fields.command) }),
      ...(fields.entrypoint && { entrypoint: words("entrypoint", fields.entrypoint) }),
      ...(healthcheck?.test && {
        healthcheck: {
          ...healthcheck,
          test: healthcheck.test.map(cover(`${name}_PASSWORD`, "healthcheck")),
        },
      }),
      ...(labels && {
        labels: Object.fromEntries(
          Object.entries(labels).map(([key, value]) => [
            key,
            value === undefined ? undefined : cover(key, "labels")(value),
          ]),
        ),
      }),
    },
  };
}
