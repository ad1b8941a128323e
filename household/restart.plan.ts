import { PROXIES } from "./proxies.ts";

/** One step of the documented order in which a person brings everything back after an outage. */
export interface RestartStep {
  /** What the household has again after it. */
  readonly gives: string;
  /** Services by host, e.g. "vps/headscale". */
  readonly services: readonly string[];
}

/**
 * The deployment-order page's list, most urgent first. The Docker VM's proxy stands before
 * Vaultwarden, because passwords are reached through it; the page has it nowhere.
 */
export const RESTART_STEPS: readonly RestartStep[] = [
  { gives: "mesh coordination", services: ["vps/headscale"] },
  { gives: "DNS resolution", services: ["vps/pihole", "docker-vm/pihole"] },
  { gives: "public TLS", services: [`vps/${PROXIES.coordinator.service}`] },
  {
    gives: "password access",
    services: [`docker-vm/${PROXIES.home.service}`, "docker-vm/vaultwarden"],
  },
  { gives: "MQTT broker", services: ["docker-vm/mosquitto"] },
  { gives: "automations", services: ["docker-vm/homeassistant"] },
  { gives: "security cameras", services: ["docker-vm/frigate"] },
  {
    gives: "entertainment",
    services: ["jellyfin", "prowlarr", "qbittorrent", "sonarr", "radarr"].map(
      (name) => `docker-vm/${name}`,
    ),
  },
  { gives: "news of updates", services: ["docker-vm/watchtower"] },
];

/**
 * The page's critical path: the least that has to run, so that the household can reach its
 * services and its passwords. The gate is the mesh as the VPS sees it.
 */
export const ESSENTIALS = [
  "vps/headscale",
  "vps/gate:mesh",
  "docker-vm/pihole",
  "docker-vm/vaultwarden",
] as const;
