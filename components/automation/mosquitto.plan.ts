import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { MOSQUITTO_2_0_IMAGE } from "./mosquitto.image.ts";
import { app } from "../../model/app.ts";
import { byHand, generated, type Secrets } from "../../model/secrets.ts";

const STACK = "automation";

/** User that the broker becomes, and that has to be able to read its password file. */
const BROKER_USER = "1883:1883";

const PASSWORD_FILE = "/run/secrets/mosquitto-passwords";

/** Home Assistant's job, which copies what the broker keeps. */
const JOB = "homeassistant-backup";

/** Folder in which the broker's own client looks for its options. */
const CLIENT_FOLDER = "/run/health";

/** The secrets that are there because of it. */
const SECRETS: Secrets = {
  "mqtt-homeassistant-password": byHand(generated("Home Assistant at the MQTT broker"), {
    steps: [
      `pulumi up -s ${hostWith("home")}: from then on the broker refuses Home Assistant's old password`,
      `pulumi config get homelab:mqtt-homeassistant-password -s ${hostWith("home")} shows the new one`,
      "in Home Assistant's page: Settings, Devices & services, MQTT, Reconfigure: enter it there (user homeassistant)",
    ],
  }),
  "mqtt-frigate-password": generated("Frigate at the MQTT broker"),
};

/** Mosquitto, the MQTT broker. Home Assistant and Frigate start when it is healthy. */
export function mosquitto(site: Site) {
  return app({
    type: "homelab:automation:Mosquitto",
    exposes: {
      /** The broker; healthy once it answers an authenticated subscription. */
      broker: "mosquitto",
    },
    images: [MOSQUITTO_2_0_IMAGE],
    networks: [{ name: "automation-net" }, { name: "mqtt-net" }],
    services: [
      {
        name: "mosquitto",
        stack: STACK,
        image: MOSQUITTO_2_0_IMAGE.reference,
        env: { TZ: site.timezone, XDG_CONFIG_HOME: CLIENT_FOLDER },
        networks: [{ name: "automation-net" }, { name: "mqtt-net" }],
        ports: [
          { bind: "127.0.0.1", host: 1883, container: 1883, protocol: "tcp" },
          { bind: "127.0.0.1", host: 9001, container: 9001, protocol: "tcp" },
        ],
        mounts: [
          { kind: "volume", volume: "mosquitto-config", target: "/mosquitto/config" },
          { kind: "volume", volume: "mosquitto-data", target: "/mosquitto/data" },
          { kind: "volume", volume: "mosquitto-log", target: "/mosquitto/log" },
        ],
        files: [
          {
            target: "/mosquitto/config/mosquitto.conf",
            content: { kind: "text", text: brokerConfig() },
          },
          {
            target: PASSWORD_FILE,
            content: {
              kind: "mosquitto-passwords",
              users: {
                homeassistant: "mqtt-homeassistant-password",
                frigate: "mqtt-frigate-password",
              },
            },
            // Version 2 reads it after it has given up root.
            owner: BROKER_USER,
          },
          {
            // The check runs as root, which may not read a file of the broker's user.
            target: `${CLIENT_FOLDER}/mosquitto_sub`,
            content: { kind: "template", template: "-u frigate\n-P {{mqtt-frigate-password}}\n" },
            owner: "0:0",
            readBy: "0:0",
          },
        ],
        // As an argument, every process list would show the password. mosquitto_sub reads
        // $XDG_CONFIG_HOME/mosquitto_sub by itself (mosquitto_sub(1)).
        health: {
          test: [
            "CMD",
            "mosquitto_sub",
            "-h",
            "127.0.0.1",
            "-i",
            "healthcheck",
            "-t",
            "$SYS/broker/version",
            "-C",
            "1",
            "-W",
            "3",
          ],
        },
        limits: { memory: "128MiB", cpus: 0.25 },
        capabilities: ["SETGID", "SETUID"],
        category: "automation",
        critical: true,
        watchUpdates: true,
      },
    ],
    secrets: SECRETS,
    volumes: [
      // Held the password file once, which is now made from the secrets.
      {
        name: "mosquitto-config",
        neverLose: true,
        copied: { by: JOB, at: "/more/mosquitto-config" },
      },
      { name: "mosquitto-data", copied: { by: JOB, at: "/more/mosquitto-data" } },
      { name: "mosquitto-log", notCopied: "empty; the engine keeps the log" },
    ],
  });
}

function brokerConfig(): string {
  return `listener 1883
listener 9001
protocol websockets

allow_anonymous false
password_file ${PASSWORD_FILE}

persistence true
persistence_location /mosquitto/data/

# To no file, which nothing would shorten; the engine rotates what is written here.
log_dest stdout
`;
}
