import { compare } from "bcryptjs";
import { pbkdf2Sync } from "node:crypto";
import { argon2Verify } from "hash-wasm";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isSecretContent, renderContent } from "../../../components/core/file-content.ts";

const inputs = {
  secrets: {
    "mqtt-frigate-password": "pass-f",
    "restic-http-password": "pass-r",
    "authelia-admin-password": "pass-a",
  },
  values: { "restic-address": "nas:8000" },
  saltKey: "key",
};

describe("file contents", () => {
  it("fill secrets and handed-over values into a template", async () => {
    const template = "rest:http://u:{{restic-http-password}}@{{value:restic-address}}/";
    const text = await renderContent({ kind: "template", template }, inputs);
    expect(text).toBe("rest:http://u:pass-r@nas:8000/");
  });

  it("hash a password as Mosquitto checks it", async () => {
    const content = {
      kind: "mosquitto-passwords",
      users: { frigate: "mqtt-frigate-password" },
    } as const;
    const [user, hash] = (await renderContent(content, inputs)).trim().split(":");
    const [, kind, rounds, salt, sum] = (hash ?? "").split("$");
    expect([user, kind, rounds]).toEqual(["frigate", "7", "101"]);
    const expected = pbkdf2Sync("pass-f", Buffer.from(salt ?? "", "base64"), 101, 64, "sha512");
    expect(sum).toBe(expected.toString("base64"));
  });

  it("hash a password as htpasswd readers check it", async () => {
    const content = { kind: "htpasswd", users: { homelab: "restic-http-password" } } as const;
    const hash = (await renderContent(content, inputs)).trim().split(":")[1] ?? "";
    expect(await compare("pass-r", hash)).toBe(true);
    expect(await compare("other", hash)).toBe(false);
  });

  it("hash a password as the control plane's page checks it, the same each time", async () => {
    const users = { anna: { role: "operator", secret: "restic-http-password" } } as const;
    const text = await renderContent({ kind: "page-users", users }, inputs);
    const [{ hash = "", ...rest } = {}] = JSON.parse(text) as { readonly hash?: string }[];
    expect(rest).toEqual({ user: "anna", role: "operator" });
    expect(await argon2Verify({ password: "pass-r", hash })).toBe(true);
    expect(await argon2Verify({ password: "other", hash })).toBe(false);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=7168,t=5,p=1\$/);
    expect(await renderContent({ kind: "page-users", users }, inputs)).toBe(text);
  });

  it("give the same file for the same password, so that a preview finds nothing to change", async () => {
    const content = {
      kind: "authelia-users",
      users: {
        admin: {
          displayName: "Admin",
          email: "a@b.c",
          groups: ["admin"],
          secret: "authelia-admin-password",
        },
      },
    } as const;
    const first = await renderContent(content, inputs);
    expect(await renderContent(content, inputs)).toBe(first);
    expect(
      (parse(first) as { users: { admin: { password: string } } }).users.admin.password,
    ).toMatch(/^\$pbkdf2-sha512\$310000\$/);
  });

  it("are secret as soon as they name a secret", () => {
    expect(isSecretContent({ kind: "template", template: "a {{restic-password}}" })).toBe(true);
    expect(isSecretContent({ kind: "template", template: "a {{value:restic-address}}" })).toBe(
      false,
    );
    expect(isSecretContent({ kind: "text", text: "{{restic-password}}" })).toBe(false);
  });

  it("name what is missing instead of writing half a file", async () => {
    const content = { kind: "template", template: "{{restic-password}}" } as const;
    await expect(renderContent(content, inputs)).rejects.toThrow("restic-password");
  });
});
