import type { Errors } from "./entry.ts";

/** Any command can end with these. */
export const COMMAND: Errors = {
  "HL-USAGE": {
    meaning: "A word on the command line is not one of those that are possible there.",
    remedy: "The message lists the possible ones; `npx homelab help <command>` explains them.",
  },
  "HL-CONFIRM": {
    meaning: "The command removes or replaces something and asks first, but nobody can answer.",
    remedy: "Run it on a terminal, or repeat it with --yes.",
  },
  "HL-PROJECT": {
    meaning: "Pulumi.yaml or a Pulumi.<stack>.yaml is missing or is not what Pulumi writes.",
    remedy: "Correct the file that is named; check PULUMI_OPTION_CWD if it is set.",
  },
};
