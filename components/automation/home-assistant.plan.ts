import { copiedVolumes } from "../backup/copied-volumes.plan.ts";
import type { FileDeclaration } from "../../model/declared-files.ts";
import type { VolumeDeclaration } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import {
  DECLARED_FOLDER,
  HOME_ASSISTANT_FOLDER,
  HOME_ASSISTANT_SECRETS,
  homeAssistantAutomations,
  homeAssistantConfig,
  homeAssistantDashboard,
  homeAssistantNotify,
  homeAssistantRestCommand,
  homeAssistantStartScript,
  type Watched,
} from "./home-assistant-config.plan.ts";
import { HOME_ASSISTANT_2026_2_IMAGE } from "./home-assistant.image.ts";
import { app } from "../../model/app.ts";
import type { ReachedThrough } from "../edge/proxy.plan.ts";

/** What Home Assistant has to know beside the site. */
export interface HomeAssistantArgs extends ReachedThrough {
  /** Cameras of Frigate whose sightings of people it announces, and that it shows. @default none */
  readonly cameras?: readonly Watched[];
  /** Faces, as trained in Frigate, whose owners are not announced. @default none */
  readonly knownFaces?: readonly string[];
  /** Volumes of its host: its job copies those that name it. @default none */
  readonly volumes?: readonly VolumeDeclaration[];
}

const STACK = "automation";
const START = "/homelab/start.sh";
const BACKUP = "homeassistant-backup";

/**
 * Home Assistant on the Docker VM, and the nightly copy of its configuration.
 *
 * It also listens to Frigate's events; that is no requirement here: they come through the broker
 * whenever Frigate runs, and Frigate starts a phase later.
 */
export function homeAssistant(site: Site, args: HomeAssistantArgs) {
  const { at = "home-assistant" } = args;
  const others = copiedVolumes(args.volumes ?? [], BACKUP);
  return app({
    type: "homelab:automation:HomeAssistant",
    exposes: {
      /** The server; healthy once its web page is served. */
      server: "homeassistant",
      /** Copies the configuration each night, without the recorder's database. */
      backup: "homeassistant-backup",
    },
    images: [HOME_ASSISTANT_2026_2_IMAGE],
    networks: [{ name: "automation-net" }, { name: "mqtt-net" }],
    services: [
      {
        name: "homeassistant",
        stack: STACK,
        image: HOME_ASSISTANT_2026_2_IMAGE.reference,
        entrypoint: ["/bin/sh", START],
        env: { TZ: site.timezone },
        networks: [{ name: "automation-net" }, { name: "mqtt-net" }],
        ports: [{ bind: "0.0.0.0", host: 8123, container: 8123, protocol: "tcp" }],
        mounts: [{ kind: "volume", volume: "homeassistant-config", target: HOME_ASSISTANT_FOLDER }],
        files: files(site, args),
        // The manifest is served without a login, and only once the web page is set up.
        health: {
          test: ["CMD", "curl", "-fsS", "-o", "/dev/null", "http://localhost:8123/manifest.json"],
          startPeriod: "2m",
          deadline: "5m",
        },
        limits: { memory: "1GiB", cpus: 2 },
        logs: { maxSize: "20MiB", maxFiles: 3 },
        requires: [
          {
            on: "mosquitto",
            condition: "healthy",
            strength: "hard",
            why: "sensors and Frigate's events come through the broker",
          },
        ],
        category: "automation",
        critical: true,
        routes: [{ name: at, port: 8123 }],
        probes: [
          {
            name: "Home Assistant",
            kind: "http",
            target: `https://${at}.{domain}`,
            interval: "300s",
            tier: "warning",
          },
        ],
        scrapes: [{ job: "homeassistant", port: 8123, path: "/api/prometheus" }],
        tile: {
          group: "Automation",
          title: "Home Assistant",
          description: "Automations and sensors",
          icon: "home-assistant.png",
        },
      },
    ],
    jobs: [
      {
        name: BACKUP,
        stack: STACK,
        networks: ["automation-net"],
        repository: "homeassistant",
        schedule: "30 2 * * *",
        data: [{ volume: "homeassistant-config", target: "/data" }, ...others.data],
        excludes: ["*.log", "*.db-shm", "*.db-wal", "home-assistant_v2.db", ...others.excludes],
        sqlite: others.sqlite,
        requires: [
          {
            on: "homeassistant",
            condition: "healthy",
            strength: "hard",
            why: "copies its configuration",
          },
        ],
      },
    ],
    volumes: [{ name: "homeassistant-config", neverLose: true }],
  });
}

/**
 * What is declared is mounted over the volume. But for configuration.yaml it lies in a folder of
 * its own: the page cannot change what is mounted.
 */
function files(
  site: Site,
  { proxy, cameras = [], knownFaces = [] }: HomeAssistantArgs,
): FileDeclaration[] {
  const text = (target: string, content: string): FileDeclaration => ({
    target,
    content: { kind: "text", text: content },
  });
  const declared = `${HOME_ASSISTANT_FOLDER}/${DECLARED_FOLDER}`;
  return [
    text(START, homeAssistantStartScript()),
    text(`${HOME_ASSISTANT_FOLDER}/configuration.yaml`, homeAssistantConfig(proxy)),
    text(`${declared}/automations.yaml`, homeAssistantAutomations(cameras, knownFaces)),
    text(`${declared}/cameras-dashboard.yaml`, homeAssistantDashboard(cameras)),
    text(`${declared}/notify.yaml`, homeAssistantNotify(site)),
    text(`${declared}/rest_command.yaml`, homeAssistantRestCommand(site)),
    {
      target: `${declared}/secrets.yaml`,
      content: { kind: "template", template: HOME_ASSISTANT_SECRETS },
      owner: "0:0",
    },
  ];
}
