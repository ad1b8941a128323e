import type { Errors } from "./entry.ts";

/** The benchmark and the soak run. */
export const BENCH: Errors = {
  "HL-BENCH": {
    meaning: "A step of the benchmark failed, or a service was not healthy after it.",
    remedy: "The last words of what ran, or the services, are in the message.",
  },
  "HL-SOAK": {
    meaning:
      "The soak run could not go on: the machine did not come back in time, or nothing there starts the containers.",
    remedy: "`npx homelab sandbox status` says how the machine is; then start the run again.",
  },
};
