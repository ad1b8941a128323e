import type { ProbeDeclaration } from "../../model/declared-uses.ts";
import type { Requirement } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import type { ReverseProxy } from "./proxy.plan.ts";

/** What the proxy of the coordinator starts after. */
export function publicProxyRequires(site: Site, { title }: ReverseProxy): Requirement[] {
  const headscale: Requirement = {
    on: "headscale",
    condition: "started",
    strength: "hard",
    why: `its clients come in through ${title}`,
  };
  return [
    ...(site.mesh.coordinator === "headscale" ? [headscale] : []),
    {
      on: "adguard",
      condition: "healthy",
      // A node enrols through the proxy, and AdGuard waits for the mesh: waiting without an end
      // would keep a new machine out of its own mesh.
      strength: "soft",
      limit: "60s",
      why: "resolves the certificate authority's name",
    },
  ];
}

/** Asks for the page of the domain itself. */
export const OWN_PAGE_PROBE: ProbeDeclaration = {
  name: "Own page",
  kind: "http",
  target: "https://{domain}",
  interval: "900s",
  tier: "critical",
};

/** The page of the domain itself, which the proxy of the coordinator serves from a file. */
export function ownPage(domain: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${domain}</title>
  </head>
  <body>
    <h1>${domain}</h1>
  </body>
</html>
`;
}
