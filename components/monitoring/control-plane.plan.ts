import { app } from "../../model/app.ts";
import type { AppService, HostDeclaration } from "../../model/declaration.ts";
import type { ReportingDeclaration } from "../../model/declared-machine.ts";
import type { FileDeclaration } from "../../model/declared-files.ts";
import { hasRole, HOSTS, hostWith, type HostName } from "../../model/host-names.ts";
import { generated, type SecretName, type Secrets } from "../../model/secrets.ts";
import type { Site } from "../../model/site.ts";
import {
  CONTROL_PLANE_ROOT,
  controlPlaneFolders,
  reads,
  writes,
} from "./control-plane-folders.plan.ts";
import { tellingOf } from "./control-plane-notifications.plan.ts";
import { COUNTS_LOOPBACK_PORT, page, PAGE_PASSWORD } from "./control-plane-page.plan.ts";
import {
  afterObserver,
  CONTROL_PLANE_PAGE,
  CONTROL_PLANE_PARTS,
  containerOf,
  inMesh,
  LISTENS_IN_MESH,
  NETWORK,
  part,
  programOf,
  settingsFile,
  settingsOf,
} from "./control-plane-part.plan.ts";
import { wgetHealth } from "./monitoring-service.plan.ts";
import { NODE_22_IMAGE } from "./node.image.ts";

/** How the control plane is set, see Site. */
export type ControlPlaneArgs = NonNullable<Site["controlPlane"]>;

/** Port of the Observer, in the container and at the VPS's address in the mesh. */
const OBSERVER_PORT = 8081;
/** Port of the Executor, likewise. */
const EXECUTOR_PORT = 8082;
/** Silence after which a host is unreachable, in seconds: a few times what it lets pass at most. */
const SILENT_AFTER_SECONDS = 45;
/** What the Observer keeps at most of what hosts said, in bytes, however few days that is. */
const KEPT_BYTES = 512 * 1024 ** 2;

const TOKENS = `${CONTROL_PLANE_ROOT}/tokens`;
/** Name of the secret that is a host's token. */
function tokenOf(host: HostName): SecretName {
  return `observer-token-${host}`;
}

function tokenSecret(host: HostName): Secrets {
  return { [tokenOf(host)]: generated(`lets ${host} tell the control plane what it sees`, 48) };
}

/** The secret that a host has because it says what it sees; none without a control plane. */
export function reportingSecrets({ controlPlane }: Site, host: HostName): Secrets {
  return controlPlane ? tokenSecret(host) : {};
}

/**
 * To whom a host says what it sees; nobody without a control plane. And from whom it fetches what was
 * approved; nobody where no signer could have approved anything.
 * @param proxy of that host. @default none
 */
export function reporting(
  { controlPlane: settings, hosts }: Site,
  host: HostName,
  proxy?: ReportingDeclaration["proxy"],
): Pick<HostDeclaration, "reporting" | "acting"> {
  if (!settings) return {};
  const on = (port: number): string => `http://${hosts[hostWith("coordinator")].mesh}:${port}`;
  const { signers, notifications } = settings;
  // Who is at home sees best whether anybody there is told anything.
  const tells = hasRole(host, "home") && host !== hostWith("coordinator");
  const whenAway = tells ? notifications?.whenAway : undefined;
  return {
    reporting: {
      url: on(OBSERVER_PORT),
      token: tokenOf(host),
      ...(whenAway && { whenAway: { watched: hostWith("coordinator"), ...whenAway } }),
      ...(proxy && { proxy }),
    },
    ...(signers.length > 0 && { acting: { url: on(EXECUTOR_PORT), signers } }),
  };
}

/** Name of the value that is what should be on all hosts, as the Supervisor reads it. */
export const REPOSITORY_VALUE = "repository";

/**
 * The control plane, which watches all hosts together. Its parts say what they have to say to each
 * other in files below /opt/homelab; nothing here has a socket of an engine, or a key to a host.
 */
export function controlPlane(site: Site, { keepDays, pageUrls, notifications }: ControlPlaneArgs) {
  return app({
    type: "homelab:monitoring:ControlPlane",
    exposes: {
      /** Takes what hosts say; healthy once it answers. */
      observer: containerOf("observer"),
      /** Recommends; healthy while it says how things are. */
      supervisor: containerOf("supervisor"),
      /** Hands out what was approved; healthy once it answers. */
      executor: containerOf("executor"),
      /** Shows counts and health, and everything to who logs in. */
      page: CONTROL_PLANE_PAGE,
    },
    images: [NODE_22_IMAGE],
    networks: [{ name: NETWORK }],
    services: [
      observer(site, keepDays),
      supervisor(site, notifications),
      executor(site),
      page(site, pageUrls ?? []),
    ],
    secrets: {
      ...(Object.assign({}, ...HOSTS.map(tokenSecret)) as Secrets),
      [PAGE_PASSWORD]: generated("logs in at the control plane's page as the first user"),
    },
    volumes: [],
    folders: controlPlaneFolders(notifications !== undefined),
  });
}

/** Services of the control plane, on which it never acts itself. */
export function ownServices(): string[] {
  return CONTROL_PLANE_PARTS.map((part) => `${hostWith("coordinator")}/${containerOf(part)}`);
}

/** Where, on the VPS, the parts that answer to anybody say how they are and of which build. */
export function healthzUrls({ hosts }: Site) {
  return {
    observer: `http://${hosts[hostWith("coordinator")].mesh}:${OBSERVER_PORT}/healthz`,
    "operator-ui": `http://127.0.0.1:${COUNTS_LOOPBACK_PORT}/healthz`,
  } as const;
}

function observer(site: Site, keepDays: number): AppService {
  const settings = {
    root: CONTROL_PLANE_ROOT,
    listen: { address: "0.0.0.0", port: OBSERVER_PORT },
    tokens: TOKENS,
    hosts: Object.fromEntries(
      HOSTS.map((host) => [host, { silentAfterSeconds: SILENT_AFTER_SECONDS }]),
    ),
    keep: { days: keepDays, bytes: KEPT_BYTES },
  };
  return {
    ...part(site, "observer", [settingsOf("observer", settings), ...tokenSums()]),
    command: [programOf("observer"), settingsFile("observer")],
    ports: [inMesh(site, OBSERVER_PORT)],
    mounts: [writes("events"), writes("world"), writes("state"), writes("audit/observer")],
    health: wgetHealth(OBSERVER_PORT, "/healthz"),
    // It reads its log at a start in pieces of 8 MiB.
    limits: { memory: "112MiB", cpus: 0.5 },
    requires: [LISTENS_IN_MESH],
  };
}

function supervisor(site: Site, notifications: ControlPlaneArgs["notifications"]): AppService {
  const repository = "/homelab/repository.json";
  const telling = tellingOf(notifications);
  const base = part(site, "supervisor", [
    {
      target: repository,
      content: { kind: "template", template: `{{value:${REPOSITORY_VALUE}}}` },
    },
    ...telling.files,
  ]);
  return {
    ...base,
    networks: [...base.networks, ...telling.networks],
    command: [programOf("supervisor")],
    env: {
      TZ: site.timezone,
      HOMELAB_ROOT: CONTROL_PLANE_ROOT,
      HOMELAB_REPOSITORY: repository,
      ...telling.env,
    },
    mounts: [
      reads("world"),
      writes("state"),
      writes("queue"),
      writes("audit/supervisor"),
      ...telling.mounts,
    ],
    // It listens nowhere. It writes its state four times a minute, whatever happens.
    health: {
      test: [
        "CMD-SHELL",
        `[ $(($(date +%s) - $(stat -c %Y ${CONTROL_PLANE_ROOT}/state/supervisor.json))) -lt 60 ]`,
      ],
    },
    limits: { memory: "72MiB", cpus: 0.5 },
    requires: [afterObserver("compares what it wrote")],
  };
}

function executor(site: Site): AppService {
  return {
    ...part(site, "executor", tokenSums()),
    command: [programOf("executor")],
    env: {
      TZ: site.timezone,
      HOMELAB_ROOT: CONTROL_PLANE_ROOT,
      HOMELAB_TOKENS: TOKENS,
      HOMELAB_LISTEN: `0.0.0.0:${EXECUTOR_PORT}`,
      HOMELAB_OWN: ownServices().join(" "),
    },
    ports: [inMesh(site, EXECUTOR_PORT)],
    mounts: [
      reads("world"),
      reads("state"),
      writes("queue"),
      writes("decisions"),
      writes("claims"),
      writes("audit/executor"),
    ],
    health: wgetHealth(EXECUTOR_PORT, "/healthz"),
    limits: { memory: "56MiB", cpus: 0.25 },
    requires: [LISTENS_IN_MESH, afterObserver("acts on no world that is old")],
  };
}

/** What a part knows of the hosts' tokens: it can tell a host by them, and not speak for one. */
function tokenSums(): FileDeclaration[] {
  return HOSTS.map((host) => ({
    target: `${TOKENS}/${host}`,
    content: { kind: "sha256", secret: tokenOf(host) },
  }));
}
