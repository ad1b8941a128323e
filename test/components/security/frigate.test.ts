import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { sharedFolder } from "../../../components/core/shared-folder.plan.ts";
import {
  FACES_FOLDER,
  frigateConfig,
  mediaFolders,
  type Camera,
} from "../../../components/security/frigate-config.plan.ts";
import { frigate } from "../../../components/security/frigate.plan.ts";
import { vaultwarden } from "../../../components/security/vaultwarden.plan.ts";
import type { AppService } from "../../../model/declaration.ts";
import { NAS_FOLDERS } from "../../../household/folders.ts";
import { proxy } from "../../support/proxy.ts";
import { site } from "../../support/site.ts";

const CAMERAS: readonly Camera[] = [
  {
    camera: "front_gate",
    make: "reolink",
    password: { variable: "FRIGATE_GATE_PASS", secret: "frigate-front-password" },
    zone: "path",
  },
  {
    camera: "indoor",
    make: "tapo",
    user: { variable: "FRIGATE_TAPO_USER", secret: "frigate-tapo-user" },
    password: { variable: "FRIGATE_TAPO_PASS", secret: "frigate-tapo-password" },
  },
];

const plan = frigate(site, { cameras: CAMERAS, recordings: sharedFolder(NAS_FOLDERS.frigate) });
const [recorder] = plan.services as [AppService];
const config = frigateConfig(site, CAMERAS);

describe("Frigate", () => {
  it("has a file or a variable for every placeholder of its configuration", () => {
    const named = [...config.matchAll(/\{(FRIGATE_[A-Z_]+)\}/g)].map(([, name]) => name ?? "");
    const files = recorder.files?.map(({ target }) => target) ?? [];
    const known = (name: string) =>
      files.includes(`/run/secrets/${name}`) || Object.hasOwn(recorder.env ?? {}, name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !known(name))).toEqual([]);
  });

  it("has no secret in its environment", () => {
    expect(Object.keys(recorder.env ?? {}).filter((name) => name.endsWith("_PASS"))).toEqual([]);
  });

  it("insists on the broker, and waits a limited time for the NAS and the graphics chip", () => {
    expect(recorder.requires).toMatchObject([
      { on: "mosquitto", condition: "healthy", strength: "hard" },
      { on: "gate:nas-frigate", strength: "soft" },
      { on: "gate:dri", strength: "soft" },
    ]);
  });

  it("has each camera and its streams, and does not record what has one alone", () => {
    const read = parse(config) as {
      cameras: Record<string, { record?: { enabled: boolean } }>;
      go2rtc: { streams: Record<string, string[]> };
    };
    expect(Object.keys(read.cameras)).toEqual(["front_gate", "indoor"]);
    expect(Object.keys(read.go2rtc.streams).sort()).toEqual([
      "front_gate_main",
      "front_gate_sub",
      "indoor",
    ]);
    expect(read.cameras["indoor"]?.record).toEqual({ enabled: false });
  });

  it("takes a camera's address and zone from its owner", () => {
    const corners = "0.1,0.2,0.3,0.4,0.5,0.6";
    const text = frigateConfig(
      site,
      CAMERAS.map((one) =>
        one.make === "tapo" ? { ...one, address: "192.0.2.99" } : { ...one, corners },
      ),
    );
    expect(text).toContain("@192.0.2.99:554/");
    expect(text).toContain("coordinates: 0.1,0.2,0.3,0.4,0.5,0.6");
    expect(text).toContain("@front-gate.cam.home.example:554/");
  });

  it("keeps trained faces in a volume that is copied each night, and starts without the NAS", () => {
    expect(recorder.mounts).toContainEqual({
      kind: "volume",
      volume: "frigate-faces",
      target: "/media/frigate/clips/faces",
    });
    expect(plan.volumes).toContainEqual(
      expect.objectContaining({ name: "frigate-faces", neverLose: true }),
    );
    const [copies] = vaultwarden(site, { proxy, volumes: plan.volumes }).jobs ?? [];
    expect(copies?.data).toContainEqual(expect.objectContaining({ volume: "frigate-faces" }));
    // Where that volume is mounted has to be there, on a ground on which nothing can be made.
    expect(mediaFolders(CAMERAS)).toContain(FACES_FOLDER);
  });

  it("offers its live pictures at its addresses at home and in the mesh, by a published port", () => {
    const { go2rtc } = parse(config) as { go2rtc: { webrtc: { candidates: string[] } } };
    const { lan, mesh } = site.hosts["docker-vm"];
    expect(go2rtc.webrtc.candidates).toEqual([`${lan}:8555`, `${mesh}:8555`, "stun:8555"]);
    expect(recorder.ports).toContainEqual({
      bind: "0.0.0.0",
      host: 8555,
      container: 8555,
      protocol: "udp",
    });
  });

  it("can stop its loggers, which run as another user", () => {
    expect(recorder.capabilities).toContain("KILL");
  });

  it("publishes no port that asks for no login", () => {
    expect(recorder.ports?.map(({ container }) => container)).not.toContain(5000);
    expect(config).toMatch(/^auth:\n {2}enabled: true$/m);
  });

  it("is reached over its own TLS port, with an access log", () => {
    expect(recorder.routes).toEqual([
      { name: "frigate", port: 8971, scheme: "https", accessLog: true },
    ]);
  });
});
