import { Option } from "@commander-js/extra-typings";
import type { z } from "zod";

/** Loads the schema of what a command prints; help and completion need none. */
export type SchemaLoader = () => Promise<z.ZodType>;

/**
 * `--json` of a command. It cannot be added without the schema of what the command then prints, by
 * which docs/reference/json/ is written and the tests read each answer.
 */
export class JsonOption extends Option<"--json"> {
  /**
   * @param schema of the one value that is printed
   * @param more what else a person should know of it, e.g. "needs --yes"
   */
  constructor(
    readonly schema: SchemaLoader,
    more?: string,
  ) {
    super(
      "--json",
      `for programs (docs/reference/json.md)${more === undefined ? "" : `; ${more}`}`,
    );
  }
}
