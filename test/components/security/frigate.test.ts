import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { frigateConfig } from "../../../components/security/frigate-config.plan.ts";
import { frigatePlan } from "../../../components/security/frigate.plan.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { site } from "../../support/site.ts";

const [frigate] = frigatePlan(site).services as [ServiceDeclaration];
const config = frigateConfig(site, {});

describe("Frigate", () => {
  it("has a file or a variable for every placeholder of its configuration", () => {
    const named = [...config.matchAll(/\{(FRIGATE_[A-Z_]+)\}/g)].map(([, name]) => name ?? "");
    const files = frigate.files?.map(({ target }) => target) ?? [];
    const known = (name: string) =>
      files.includes(`/run/secrets/${name}`) || Object.hasOwn(frigate.env ?? {}, name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !known(name))).toEqual([]);
  });

  it("has no secret in its environment", () => {
    expect(Object.keys(frigate.env ?? {}).filter((name) => name.endsWith("_PASS"))).toEqual([]);
  });

  it("insists on the broker, and waits a limited time for the NAS and the graphics chip", () => {
    expect(frigate.requires).toMatchObject([
      { on: "mosquitto", condition: "healthy", strength: "hard" },
      { on: "gate:nas-frigate", strength: "soft" },
      { on: "gate:dri", strength: "soft" },
    ]);
  });

  it("has the original's three cameras and five streams, and does not record indoors", () => {
    const read = parse(config) as {
      cameras: Record<string, { record?: { enabled: boolean } }>;
      go2rtc: { streams: Record<string, string[]> };
    };
    expect(Object.keys(read.cameras)).toEqual(["front_door", "back_yard", "indoor"]);
    expect(Object.keys(read.go2rtc.streams).sort()).toEqual([
      "back_yard_main",
      "back_yard_sub",
      "front_door_main",
      "front_door_sub",
      "indoor",
    ]);
    expect(read.cameras["indoor"]?.record).toEqual({ enabled: false });
  });

  it("takes a camera's address and zone from its owner", () => {
    const text = frigateConfig(site, {
      front_door: { address: "192.0.2.99", zone: "0.1,0.2,0.3,0.4,0.5,0.6" },
    });
    expect(text).toContain("@192.0.2.99:554/");
    expect(text).toContain("coordinates: 0.1,0.2,0.3,0.4,0.5,0.6");
    expect(text).toContain("@back-yard.cam.home.example:554/");
  });

  it("is reached over its own TLS port, with an access log", () => {
    expect(frigate.routes).toEqual([
      { name: "taguato", port: 8971, scheme: "https", accessLog: true },
    ]);
  });
});
