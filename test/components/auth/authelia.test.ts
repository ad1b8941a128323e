import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { autheliaConfig } from "../../../components/auth/authelia-config.plan.ts";
import { authelia } from "../../../components/auth/authelia.plan.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { proxy } from "../../support/proxy.ts";
import { site } from "../../support/site.ts";
import { withCopies } from "../../support/with-copies.ts";

const plan = withCopies(authelia(site, { proxy, protectedNames: ["papa.home.example"] }));
const [portal, backup] = plan.services as [ServiceDeclaration, ServiceDeclaration];

function accessControl(protectedNames: readonly string[]): unknown {
  const text = autheliaConfig(site, { protectedNames, usersFile: "/config/users.yml" });
  return (parse(text) as { access_control: unknown }).access_control;
}

describe("Authelia", () => {
  it("asks for two factors at every protected site and at any it does not know", () => {
    expect(accessControl(["papa.home.example", "aoao.home.example"])).toEqual({
      default_policy: "two_factor",
      rules: [
        { domain: "auth.home.example", policy: "bypass" },
        { domain: ["aoao.home.example", "papa.home.example"], policy: "two_factor" },
      ],
    });
  });

  it("writes no rule for nobody", () => {
    expect(accessControl([])).toMatchObject({ rules: [{ policy: "bypass" }] });
  });

  it("reads each secret from a file that a variable names", () => {
    const variables = Object.entries(portal.env ?? {}).filter(([name]) => name.endsWith("_FILE"));
    const targets = portal.files?.map(({ target }) => target);
    expect(variables).toHaveLength(3);
    for (const [, path] of variables) expect(targets).toContain(path);
  });

  it("runs as root without DAC_OVERRIDE, so its secret files belong to root", () => {
    const secret = portal.files?.filter(({ content }) => content.kind !== "text") ?? [];
    expect(secret.map(({ owner }) => owner)).toEqual(["0:0", "0:0", "0:0", "0:0"]);
    expect(portal.capabilities).not.toContain("DAC_OVERRIDE");
  });

  it("knows the site's first user", () => {
    const users = portal.files?.find(({ target }) => target === "/config/users_database.yml");
    expect(users?.content).toMatchObject({
      kind: "authelia-users",
      users: { admin: { groups: ["admin", "homelab"], secret: "authelia-admin-password" } },
    });
  });

  it("starts after the proxy, and its backup after it", () => {
    expect(portal.requires).toMatchObject([{ on: "caddy", condition: "started" }]);
    expect(backup.requires?.[0]).toMatchObject({ on: "authelia", condition: "healthy" });
  });
});
