import { hostWith } from "../host-names.ts";
import type { Errors } from "./entry.ts";

/** Mistakes in declarations, in the site's settings and in what a person overrides. */
export const DECLARATIONS: Errors = {
  "HL-SITE": {
    meaning: "The value homelab:site (names, addresses, certificates) has mistakes.",
    remedy: "Correct each path that is listed, in Pulumi.yaml or in the stack's own file.",
  },
  "HL-STACK": {
    meaning: "The Pulumi stack is named after no host of household/hosts.ts.",
    remedy: `Select one of them: pulumi up -s ${hostWith("home")}.`,
  },
  "HL-DECLARATION": {
    meaning:
      "Declarations, image lock or config have mistakes. It was found before anything was created.",
    remedy: "Correct each path that is listed; `npx homelab validate` looks again without a host.",
  },
  "HL-OVERRIDE": {
    meaning:
      "A file by which somebody overrides a service on its host (docs/deploy.md, Overrides) has mistakes, or would weaken a house rule. Nothing was changed.",
    remedy:
      "Correct or remove each file that is named, at its line and column; `npx homelab overrides <host>` looks again.",
  },
  "HL-ROUTES": {
    meaning: "The reverse proxy cannot serve a site: its name is taken or it cannot be reached.",
    remedy: "Change the route of the service that is named.",
  },
  "HL-LOCK": {
    meaning: "The image lock file is missing or damaged.",
    remedy: "`npx homelab images lock` writes it; homelab:imageLock names it.",
  },
  "HL-PLAN": {
    meaning: "The host plan on a host cannot be read by this version.",
    remedy: "Deploy the host again, which writes it anew: pulumi up -s <host>.",
  },
};
