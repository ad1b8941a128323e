import type { FileDeclaration } from "../../model/declared-files.ts";
import type { Site } from "../../model/site.ts";
import { HOME_HAS_THE_FOLDERS, type SharedFolder } from "../core/shared-folder.plan.ts";
import {
  FACES_FOLDER,
  frigateConfig,
  WEBRTC_PORT,
  type Camera,
  type CameraSecret,
} from "./frigate-config.plan.ts";
import { FRIGATE_0_16_IMAGE } from "./frigate.image.ts";
import { app } from "../../model/app.ts";
import type { ReachedAt } from "../edge/routes.plan.ts";
import type { Secrets } from "../../model/secrets.ts";

/** What Frigate has to know beside the site. */
export interface FrigateArgs extends ReachedAt {
  /** Where the recordings are kept. */
  readonly recordings: SharedFolder;
  /** @default none */
  readonly cameras?: readonly Camera[];
  /** What opens the cameras. @default none */
  readonly secrets?: Secrets;
  /** User name at the Reolink cameras. @default "admin" */
  readonly reolinkUser?: string;
  /** Job that copies what it keeps. @default Vaultwarden's */
  readonly copiedBy?: string;
}

/**
 * Frigate reads every /run/secrets/FRIGATE_* as it reads a variable of that name
 * (frigate/config/env.py), and so does its go2rtc.
 */
function secretFiles(cameras: readonly Camera[]): FileDeclaration[] {
  const secrets: readonly CameraSecret[] = [
    ...cameras.flatMap(({ user, password }) => (user ? [user, password] : [password])),
    { variable: "FRIGATE_MQTT_PASS", secret: "mqtt-frigate-password" },
  ];
  return secrets.map(({ variable, secret }) => ({
    target: `/run/secrets/${variable}`,
    content: { kind: "secret", secret },
    owner: "0:0",
  }));
}

/**
 * Frigate, the cameras' recorder. Needs a healthy Mosquitto; the NAS's folder and the graphics
 * chip are waited for, not insisted on.
 */
export function frigate(site: Site, args: FrigateArgs) {
  const { at = "frigate", cameras = [], copiedBy = "vaultwarden-backup" } = args;
  return app({
    type: "homelab:security:Frigate",
    exposes: {
      /** The recorder; healthy once its API answers. */
      recorder: "frigate",
    },
    images: [FRIGATE_0_16_IMAGE],
    networks: [{ name: "security-net" }, { name: "mqtt-net" }],
    services: [
      {
        name: "frigate",
        stack: "security",
        image: FRIGATE_0_16_IMAGE.reference,
        env: {
          TZ: site.timezone,
          FRIGATE_REOLINK_USER: args.reolinkUser ?? "admin",
          FRIGATE_MQTT_USER: "frigate",
        },
        networks: [{ name: "security-net" }, { name: "mqtt-net" }],
        ports: [
          { bind: "127.0.0.1", host: 8554, container: 8554, protocol: "tcp" },
          { bind: "0.0.0.0", host: WEBRTC_PORT, container: WEBRTC_PORT, protocol: "tcp" },
          { bind: "0.0.0.0", host: WEBRTC_PORT, container: WEBRTC_PORT, protocol: "udp" },
        ],
        mounts: [
          { kind: "volume", volume: "frigate-config", target: "/config" },
          {
            kind: "bind",
            source: args.recordings.path,
            target: "/media/frigate",
            notCopied: "recordings, kept for some days only, and what was exported from them",
          },
          { kind: "volume", volume: "frigate-faces", target: `/media/frigate/${FACES_FOLDER}` },
          // 10^9 bytes: docs.frigate.video/frigate/installation.
          { kind: "tmpfs", target: "/tmp/cache", size: "954MiB" },
        ],
        files: [
          {
            target: "/config/config.yml",
            content: { kind: "text", text: frigateConfig(site, cameras) },
          },
          ...secretFiles(cameras),
        ],
        health: {
          test: ["CMD", "curl", "-fsS", "-o", "/dev/null", "http://localhost:5000/api/version"],
          startPeriod: "2m",
          deadline: "5m",
        },
        limits: { memory: "6GiB", cpus: 2 },
        // Its supervisor, root, stops loggers that run as another user (KILL).
        capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"],
        devices: ["/dev/dri"],
        sharedMemory: "256MiB",
        logs: { maxSize: "50MiB", maxFiles: 3 },
        requires: [
          {
            on: "mosquitto",
            condition: "healthy",
            strength: "hard",
            why: "publishes its events there",
          },
          {
            on: args.recordings.gate,
            condition: "healthy",
            ...(HOME_HAS_THE_FOLDERS
              ? { strength: "hard", why: "with its disk away it would fill the system's disk" }
              : {
                  strength: "soft",
                  limit: "300s",
                  why: "recordings lie on the NAS; watching works without",
                }),
          },
          {
            on: "gate:dri",
            condition: "healthy",
            strength: "soft",
            why: "detects on the graphics chip",
          },
        ],
        category: "security",
        critical: true,
        // Its own login stands on this port; it signs its own certificate.
        routes: [{ name: at, port: 8971, scheme: "https", accessLog: true }],
        probes: [
          {
            // Not /api/version, which wants a login behind this port.
            name: "Frigate",
            kind: "http",
            target: `https://${at}.{domain}`,
            interval: "60s",
            tier: "warning",
          },
        ],
        tile: {
          group: "Security",
          title: "Frigate",
          description: "Cameras",
          icon: "frigate.png",
        },
      },
    ],
    secrets: args.secrets ?? {},
    volumes: [
      // List of recordings, and models.
      {
        name: "frigate-config",
        copied: { by: copiedBy, at: "/more/frigate", databases: ["frigate.db"] },
      },
      {
        name: "frigate-faces",
        neverLose: true,
        copied: { by: copiedBy, at: "/more/frigate-faces" },
      },
    ],
  });
}
