import { expect, it } from "vitest";
import { parse } from "yaml";
import { registryConfig } from "../../sandbox/registry.ts";

it("makes the registry listen in the sandbox alone, with a certificate", () => {
  const files = { registryCertificate: "/t/r.crt", registryKey: "/t/r.key" };
  expect(parse(registryConfig("/images", "198.18.77.2", files))).toMatchObject({
    storage: { filesystem: { rootdirectory: "/images" } },
    http: { addr: "198.18.77.2:443", tls: { certificate: "/t/r.crt", key: "/t/r.key" } },
  });
});
