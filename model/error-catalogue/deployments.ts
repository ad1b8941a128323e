import type { Errors } from "./entry.ts";

/** A deployment, or one to go back to. */
export const DEPLOYMENTS: Errors = {
  "HL-DEPLOY-LOCKED": {
    meaning: "Another run deploys the host; the message says whose. Nothing was changed.",
    remedy: "Wait for it. If its computer is gone for good: npx homelab unlock <host>.",
  },
  "HL-DEPLOY-HELD": {
    meaning: "Somebody went back to an earlier deployment of the host, and holds it there.",
    remedy: "npx homelab release <host>, then deploy; or npx homelab rollback <host> --to another.",
  },
  "HL-ROLLBACK": {
    meaning:
      "There is no such deployment to go back to, or its commit or packages are not on this computer. Nothing was changed.",
    remedy:
      "`npx homelab history <host>` lists them; fetch the commit, or let npm have its packages, as the message says.",
  },
  "HL-DEPLOY-MAINTENANCE": {
    meaning: "Somebody works on a host that was to be brought back. Nothing was started there.",
    remedy: "npx homelab maintenance <host> --end, then repeat the command.",
  },
  "HL-DEPLOY-BOOT": {
    meaning: "The boot orchestrator of a host could not be started, or its engine does not answer.",
    remedy: "ssh <host> systemctl status docker docker-boot-orchestrator",
  },
  "HL-DEPLOY-RESUME": {
    meaning:
      "A run cannot be resumed: commit, plan or --only are others than it began with, or its state on the host is torn.",
    remedy:
      "Go back to what it began with, or begin anew without --resume, which takes over what is there.",
  },
  "HL-DEPLOY-STATE": {
    meaning: "The host could not keep the lock, state or log of a deployment.",
    remedy:
      "Look at what the message quotes, e.g. a full disk; then type the command that it names.",
  },
  "HL-DEPLOY-PACKAGES": {
    meaning: "The checkout was pulled to a commit that needs other packages. No host was reached.",
    remedy: "Run `npm ci` in the checkout, then repeat the command.",
  },
  "HL-DEPLOY-UNHEALTHY": {
    meaning: "After a deployment a service is not healthy, or does not stay so.",
    remedy: "`npx homelab why <service>`; the diagnostics on the host have states and logs.",
  },
  "HL-DEPLOY-INTERRUPTED": {
    meaning: "A person ended the run. What was under way is finished, and recorded.",
    remedy: "npx homelab deploy <host> --resume",
  },
};
