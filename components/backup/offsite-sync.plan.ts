import { copyVolume } from "../../model/copy-record.ts";
import type { Requirement, VolumeDeclaration } from "../../model/declaration.ts";
import { hostWith } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";
import { jobHealthScript, jobStartScript } from "./job-health.plan.ts";
import { needsFolder, type NasFolder } from "../core/nas-folders.plan.ts";
import {
  OFFSITE_PATHS,
  offsiteJobScript,
  offsiteStartScript,
  sentFolder,
} from "./offsite-job.plan.ts";
import type { SentCopies } from "./program.ts";
import { RCLONE_1_73_IMAGE } from "./rclone.image.ts";
import { app } from "../../model/app.ts";

/** Where the off-site copy goes. */
export interface OffsiteSyncArgs {
  /** What is sent: the household's copies. */
  readonly sent: SentCopies;
  /** The folder of the storage that they lie in, without whose disk it does not start. */
  readonly disk: NasFolder;
  /** Topics of ntfy that hear of a good run, and of a bad one where no control plane tells of that. */
  readonly topics: { readonly good: string; readonly bad: string };
  /** Folder of the coordinator with Headscale's copies, which are fetched where Headscale runs. */
  readonly headscaleCopies: string;
  /** Remote in rclone's configuration and folder in it. @default "gdrive-crypt:homelab" */
  readonly remote?: string;
  /** Most that it sends per second, as rclone writes it. @default "5M" */
  readonly bandwidth?: string;
}

const NAME = "offsite-sync";
const STATE = "/state";
const SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const NTFY_HEADER = "/run/secrets/ntfy-header";
const SCHEDULE = "30 4 * * *";

/** What it needs to fetch Headscale's copies. */
const HEADSCALE_VOLUMES: readonly VolumeDeclaration[] = [
  { name: "offsite-headscale", notCopied: "copies fetched from the VPS, on their way off-site" },
  { name: "offsite-ssh", copied: { at: "/data/offsite-ssh" } },
];
const AFTER_HEADSCALE: Requirement = {
  on: `${hostWith("coordinator")}/headscale`,
  condition: "healthy",
  strength: "soft",
  limit: "30s",
  why: "its copies are fetched over the mesh; needed only when a run is due",
};

/**
 * Sends every copy and Headscale's copies away each night. rclone and ssh are set up
 * once by a person, in the volumes rclone-config and offsite-ssh.
 */
export function offsiteSync(site: Site, args: OffsiteSyncArgs) {
  const { staging, ssh, rclone } = OFFSITE_PATHS;
  const coordinates = site.mesh.coordinator === "headscale";
  const health = {
    state: STATE,
    maxAgeHours: 25,
    searchPath: SEARCH_PATH,
    startedFile: "/tmp/started",
  };
  const job = offsiteJobScript({
    sent: args.sent,
    timezone: site.timezone,
    ...(coordinates && {
      headscale: {
        source: `${site.vps.loginUser}@${site.hosts[hostWith("coordinator")].mesh}`,
        folder: args.headscaleCopies,
      },
    }),
    remote: args.remote ?? "gdrive-crypt:homelab",
    bandwidth: args.bandwidth ?? "5M",
    ntfy: `https://notify.${site.domain}`,
    topics: {
      good: args.topics.good,
      // A control plane that tells somebody tells it like that of every other job.
      ...(!site.controlPlane?.notifications && { bad: args.topics.bad }),
    },
    ntfyHeader: NTFY_HEADER,
    state: STATE,
    searchPath: SEARCH_PATH,
  });
  const text = (target: string, content: string, mode?: string) => ({
    target,
    content: { kind: "text", text: content } as const,
    ...(mode === undefined ? {} : { mode }),
  });
  return app({
    type: "homelab:backup:OffsiteSync",
    exposes: {
      /** Healthy while its scheduler lives and the last run that was due succeeded. */
      job: "offsite-sync",
    },
    images: [RCLONE_1_73_IMAGE],
    networks: [{ name: "backup-net" }],
    services: [
      {
        name: NAME,
        stack: "backup",
        image: RCLONE_1_73_IMAGE.reference,
        entrypoint: ["/bin/sh", "/homelab/start.sh"],
        command: [],
        env: { TZ: site.timezone },
        networks: [{ name: "backup-net" }],
        mounts: [
          { kind: "bind", source: args.sent.folder, target: sentFolder(args.sent), readOnly: true },
          ...(coordinates
            ? ([
                { kind: "volume", volume: "offsite-headscale", target: staging },
                { kind: "volume", volume: "offsite-ssh", target: ssh, readOnly: true },
              ] as const)
            : []),
          { kind: "volume", volume: "rclone-config", target: rclone },
          { kind: "volume", volume: copyVolume(NAME), target: STATE },
        ],
        files: [
          text("/backup.sh", job, "0555"),
          text("/backup-health.sh", jobHealthScript(health)),
          text("/backup-start.sh", jobStartScript(health)),
          text("/homelab/start.sh", offsiteStartScript()),
          {
            target: "/etc/crontabs/root",
            content: { kind: "text", text: `${SCHEDULE} /backup.sh\n` },
            owner: "0:0",
          },
          {
            target: NTFY_HEADER,
            content: { kind: "template", template: "Authorization: Bearer {{ntfy-token}}\n" },
            owner: "0:0",
          },
        ],
        health: {
          test: ["CMD", "/bin/sh", "/backup-health.sh"],
          interval: "60s",
          timeout: "10s",
        },
        limits: { memory: "512MiB", cpus: 1 },
        // crond starts no job without the last two; the repositories may belong to other users.
        capabilities: ["DAC_OVERRIDE", "SETGID", "SETUID"],
        hostname: NAME,
        init: true,
        requires: [
          needsFolder(args.disk),
          ...(coordinates ? [AFTER_HEADSCALE] : []),
          {
            on: `${hostWith("coordinator")}/ntfy`,
            condition: "healthy",
            strength: "soft",
            declared: true,
            limit: "30s",
            why: "hears how the run went",
          },
        ],
        category: "backup",
      },
    ],
    volumes: [
      ...(coordinates ? HEADSCALE_VOLUMES : []),
      // Also keep it outside the homelab: it opens the off-site copy of everything here.
      { name: "rclone-config", neverLose: true, copied: { at: "/data/rclone" } },
      { name: copyVolume(NAME), notCopied: "result of the last run" },
    ],
  });
}
