import { describe, expect, it } from "vitest";
import { ntfy } from "../../../components/monitoring/ntfy.plan.ts";
import { ScriptRoom } from "../../support/script.ts";
import { site } from "../../support/site.ts";

const [server] = ntfy(site).services;

describe("ntfy", () => {
  it("starts with the declared users, one of them an admin, and the token", () => {
    const script = server?.files?.find(({ target }) => target.endsWith("start.sh"))?.content;
    if (script?.kind !== "text") throw new Error("no start script");
    const room = new ScriptRoom();
    room.program("ntfy", 'echo "$NTFY_AUTH_USERS"; echo "$NTFY_AUTH_TOKENS"');
    room.file("/run/secrets/ntfy-users", "admin:$2b$10$a/b\nhomelab:$2b$10$c.d\n");
    room.file("/run/secrets/ntfy-token", "tk_abc");
    const result = room.run(script.text, ["/run/secrets"], ["serve"]);
    expect(result.stdout.split("\n")).toEqual([
      "admin:$2b$10$a/b:admin,homelab:$2b$10$c.d:user",
      "homelab:tk_abc:homelab",
    ]);
  });

  it("lets programs publish and read nothing", () => {
    const rights = server?.env?.["NTFY_AUTH_ACCESS"]?.split(",") ?? [];
    expect(rights.length).toBeGreaterThan(0);
    expect(rights.every((right) => right.endsWith(":write-only"))).toBe(true);
    expect(server?.env?.["NTFY_AUTH_DEFAULT_ACCESS"]).toBe("deny-all");
  });

  it("wakes phones that can only be woken by ntfy's own server", () => {
    expect(server?.env?.["NTFY_UPSTREAM_BASE_URL"]).toBe("https://ntfy.sh");
  });

  it("has hashes that ntfy does not refuse as cheap", () => {
    const users = server?.files?.find(({ content }) => content.kind === "htpasswd")?.content;
    expect(users).toMatchObject({ cost: 10 });
  });
});
