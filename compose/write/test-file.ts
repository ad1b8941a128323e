import { relative } from "node:path";
import { codePieces, isAboutProxy, plainOf, textOf } from "./code.ts";
import { folderOf, titleOf, type Draft } from "../translate/draft.ts";

/** A first test of an app: what its Compose file says of it, as claims. */
export function testFile(draft: Draft): string {
  const folder = testFolder(draft);
  const to = (module: string) => relative(folder, module);
  const services = draft.services.map(({ fields, container }) => ({
    container,
    ...(plainOf(fields) as {
      routes?: { name: string; auth?: boolean }[];
      requires?: { on: string; condition: string; strength: string }[];
      files?: { content: { kind: string } }[];
    }),
  }));
  const claims = services.flatMap(({ container, routes = [], requires = [] }) => [
    ...routes.map(({ name, auth }) =>
      claim(
        `serves ${name} by ${container}${auth === true ? ", and asks for a login first" : ""}`,
        `expect(serviceOf(plan, ${textOf(container)}).routes).toContainEqual(\n      expect.objectContaining({ name: ${textOf(name)}${auth === true ? ", auth: true" : ""} }),\n    );`,
      ),
    ),
    ...requires
      .filter(({ strength, on }) => strength === "hard" && !on.startsWith("gate:"))
      .map(({ on, condition }) =>
        claim(
          `lets ${container} wait until ${on} is ${condition}`,
          `expect(serviceOf(plan, ${textOf(container)}).requires).toContainEqual(\n      expect.objectContaining({ on: ${textOf(on)}, condition: ${textOf(condition)}, strength: "hard" }),\n    );`,
        ),
      ),
  ]);
  claims.push(
    claim(
      "has a health check and a limit of memory for every container",
      `for (const service of plan.services) {\n      expect(service.health.test.length, service.name).toBeGreaterThan(1);\n      expect(service.limits.memory, service.name).toMatch(/^\\d+(MiB|GiB)$/);\n    }`,
    ),
  );
  const usesService = claims.some((text) => text.includes("serviceOf("));
  return `import { describe, expect, it } from "vitest";
import { ${draft.functionName} } from "${to(`${folderOf(draft)}/${draft.app}.plan.ts`)}";
${usesService ? `import { serviceOf } from "${to("test/support/plan.ts")}";\n` : ""}${wantsProxy(draft) ? `import { proxy } from "${to("test/support/proxy.ts")}";\n` : ""}${wantsSite(draft) ? `import { site } from "${to("test/support/site.ts")}";\n` : ""}
const plan = ${callOf(draft)};

describe("${titleOf(draft.type)}", () => {
${claims.join("\n")}});
`;
}

/** Folder of the app's test, below the checkout. */
export function testFolder({ domain }: Pick<Draft, "domain">): string {
  return `test/components/${domain}`;
}

/** How the app's function is called, e.g. "paperlessNgx(site, { proxy })". */
export function callOf(draft: Draft): string {
  if (wantsProxy(draft)) return `${draft.functionName}(site, { proxy })`;
  return `${draft.functionName}(${wantsSite(draft) ? "site" : ""})`;
}

/** Whether the app's function takes the reverse proxy of its host. */
export function wantsProxy({ services }: Draft): boolean {
  return services.some(({ fields }) => codePieces(fields).some(isAboutProxy));
}

/** Whether the app's function takes the site. */
function wantsSite(draft: Draft): boolean {
  return (
    draft.at !== undefined ||
    wantsProxy(draft) ||
    draft.services.some(({ fields }) => codePieces(fields).some((piece) => /\bsite\b/.test(piece)))
  );
}

function claim(title: string, body: string): string {
  return `  it(${textOf(title)}, () => {\n    ${body}\n  });\n`;
}
