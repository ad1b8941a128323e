import { describe, expect, it } from "vitest";
import { vaultwarden } from "../../../components/security/vaultwarden.plan.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { proxy } from "../../support/proxy.ts";
import { site } from "../../support/site.ts";
import { withCopies } from "../../support/with-copies.ts";

const plan = withCopies(vaultwarden(site, { proxy }));
const [server, backup] = plan.services as [ServiceDeclaration, ServiceDeclaration];

describe("Vaultwarden", () => {
  it("reads its admin token from a file of root, who runs it without further rights", () => {
    expect(server.files).toEqual([
      {
        target: server.env?.["ADMIN_TOKEN_FILE"],
        content: { kind: "secret", secret: "vaultwarden-admin-token" },
        owner: "0:0",
      },
    ]);
    expect(server.capabilities ?? []).toEqual([]);
  });

  it("lets nobody make an account unless it is told to", () => {
    expect(server.env?.["SIGNUPS_ALLOWED"]).toBe("false");
    const open = vaultwarden(site, { proxy, signups: true }).services[0];
    expect(open?.env?.["SIGNUPS_ALLOWED"]).toBe("true");
  });

  it("is reached by its name and has its own login, not Authelia's", () => {
    expect(server.env?.["DOMAIN"]).toBe("https://vault.home.example");
    expect(server.routes).toEqual([{ name: "vault", port: 80 }]);
  });

  it("never loses its data, and copies the open database as one moment's state", () => {
    expect(plan.volumes).toContainEqual({ name: "vaultwarden-data", neverLose: true });
    const job = backup.files?.find(({ target }) => target === "/backup.sh");
    expect(JSON.stringify(job)).toContain("/data/db.sqlite3");
    expect(backup.requires?.[0]).toMatchObject({ on: "vaultwarden", condition: "healthy" });
  });

  it("takes a visitor's address from the header that Caddy writes, not from one that visitors may", () => {
    expect(server.env?.["IP_HEADER"]).toBe("X-Forwarded-For");
  });

  it("runs without any other service", () => {
    expect(server.requires ?? []).toEqual([]);
  });
});
