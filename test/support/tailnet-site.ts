import type { Site } from "../../model/site.ts";
import { site } from "./site.ts";
import { CANARY, type StackRun } from "./stack-program.ts";

/** The made-up site with Tailscale in place of Headscale. */
export const tailnetSite: Site = {
  ...site,
  mesh: { coordinator: "tailscale", tailnet: "tailnet.example" },
};

/** The made-up key of a host, as Tailscale would have made it. */
export const NODE_KEY = `${CANARY}-node-key`;

/** How a stack's program is run with that site. */
export const tailnetRun: StackRun = {
  site: tailnetSite,
  config: { "tailscale:apiKey": `${CANARY}-api-key` },
  answers: { "tailscale:index/tailnetKey:TailnetKey": { key: NODE_KEY } },
};
