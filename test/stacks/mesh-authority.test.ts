import { expect, it } from "vitest";
import { site } from "../support/site.ts";
import { namedBy, recordStack } from "../support/stack-program.ts";

it("has the coordinator trust its own Caddy only once its node is a member: it starts anew then", async () => {
  const certificates = { ...site.certificates, vps: { issuer: "internal" } as const };
  const resources = await recordStack("vps", { site: { ...site, certificates } });
  const authority = resources.find(({ name }) => name === "mesh-authority");
  // Said by itself: where no resolver waits for the mesh, nothing else puts it after.
  expect(authority?.dependencies.map(namedBy)).toContain("command:local:Command mesh-enrolment");
});
