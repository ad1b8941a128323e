import { describe, expect, it } from "vitest";
import * as printed from "./printed.ts";
import { container, troubles } from "./well-machine.ts";

describe("a registry", () => {
  it("that does not answer stands in the way of a first deployment, with curl's own words", () => {
    const said = "curl: (6) Could not resolve host: ghcr.io 000";
    expect(troubles({ "registry ghcr.io": said })).toEqual([
      {
        check: "registry ghcr.io",
        state: "failure",
        seen: "no answer: curl: (6) Could not resolve host: ghcr.io",
        remedy: expect.stringContaining("curl -I https://ghcr.io/v2/") as string,
      },
    ]);
  });

  it("is only warned of once something was deployed: what runs needs none", () => {
    const running = container("caddy", {}, { "homelab.service": "caddy" });
    expect(troubles({ "registry ghcr.io": "000", container: running })).toEqual([
      expect.objectContaining({ check: "registry ghcr.io", state: "warning" }),
    ]);
  });

  it.each([
    { HttpsProxy: "http://proxy.example:3128" },
    { RegistryConfig: { Mirrors: ["https://m.example/"] } },
  ])("is not spoken of where the engine goes another way than curl (%j)", (changes) => {
    const text = printed.dockerInfo(changes);
    expect(troubles({ "docker-info": text, "registry ghcr.io": "000" })).toEqual([]);
  });
});
