import { z } from "zod";
import { UserError } from "./errors.ts";
import { byHost, hasRole, HOSTS, hostWith, type HostName, type HostWith } from "./host-names.ts";
import { parseImageReference } from "./image-reference.ts";
import { problemText, type Problem } from "./problem.ts";
import { publicKeyProblem, SIGNER_NAME, withoutComment } from "./signers.ts";
import { clashesIn } from "./site-clashes.ts";
import {
  domainName,
  email,
  groupNumber,
  machineAddress,
  meshAddress,
  mountOptions,
  mountSource,
  timezone,
  userName,
} from "./site-values.ts";

const host = z.strictObject({
  /** Address in the home network, or the public one of the coordinator. */
  lan: machineAddress,
  /** Address in the mesh. */
  mesh: meshAddress,
});

/** Proves the domain over port 80 or 443. */
const acme = z.strictObject({ issuer: z.literal("acme"), email });
/** The proxy's own authority; browsers have to be told to trust it. */
const internal = z.strictObject({ issuer: z.literal("internal") });
/** Proves the domain with a DNS record at Cloudflare; needs the secret cloudflare-api-token. */
const cloudflare = z.strictObject({ issuer: z.literal("cloudflare"), email });

const issuer = z.discriminatedUnion("issuer", [cloudflare, acme, internal]);

/** One line of an id_….pub file. */
const publicKey = z
  .string()
  .regex(
    /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+@openssh\.com) [A-Za-z0-9+/]{32,}={0,2}( .*)?$/,
    "is not a public ssh key; give the line of an id_….pub file",
  );

const LOGIN_USER = "linuxuser";

/** Person who logs in beside root; the NAS fetches Headscale's copies as that user. @default "linuxuser" */
const loginUser = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, "is not a user name")
  .default(LOGIN_USER);

/** On a machine that is there root may be meant; on a rented one the user is made. */
const rentedLoginUser = userName.default(LOGIN_USER);

/** How the VPS's machine comes to be; see docs/vps-machine.md. */
const vpsMachine = z.discriminatedUnion("provision", [
  /** The machine behind the ssh alias is used as it is, at any provider. */
  z.strictObject({ provision: z.literal("existing"), loginUser }),
  /** It is rented at Hetzner Cloud; needs the secret hcloud-token. */
  z.strictObject({
    provision: z.literal("hcloud"),
    serverType: z.string().regex(/^[a-z]+\d+$/, 'is not a server type, e.g. "cx23"'),
    location: z.string().regex(/^[a-z]{3}\d?$/, 'is not a location, e.g. "fsn1"'),
    loginUser: rentedLoginUser,
    /** Who may log in: a name of your choice to a public key. */
    sshKeys: z
      .record(z.string().regex(/^[a-z0-9-]+$/, "is not of small letters, digits and -"), publicKey)
      .refine((keys) => Object.keys(keys).length > 0, "names no key, so nobody could log in"),
  }),
]);

/** What to write where Tailscale coordinates and nobody said for whom. */
const NO_TAILNET =
  'names no tailnet; write its name or ID, which Tailscale\'s admin console shows, e.g. "example.com"';

const mesh = z.discriminatedUnion("coordinator", [
  /** Headscale on the VPS, deployed and set up by this program. */
  z.strictObject({
    coordinator: z.literal("headscale"),
    /**
     * Which address a new member gets. With "sequential" the hosts of a new homelab get
     * 100.64.0.1 and those that follow when they are deployed in their order; with "random"
     * write down what each got. Members keep the address they have.
     */
    addresses: z.enum(["random", "sequential"]).default("random"),
  }),
  /**
   * Tailscale's own service; the VPS then has neither Headscale nor a relay. Each stack needs the
   * config of the tailscale provider: tailscale:apiKey, or oauthClientId and oauthClientSecret.
   */
  z.strictObject({
    coordinator: z.literal("tailscale"),
    /** Name or ID of the tailnet, e.g. "example.com". */
    tailnet: z
      .string({ error: NO_TAILNET })
      .min(1, NO_TAILNET)
      .regex(/^([A-Za-z0-9][A-Za-z0-9@._+-]*)?$/, 'is not a tailnet, e.g. "example.com"'),
  }),
]);

/** The household's own app; see docs/guides/nas-apps.md. */
const javya = z
  .strictObject({
    /** Where its two images are: registry and path, e.g. "git.cronova.dev/household". */
    registry: z.string(),
    /** Tag of both. @default "1.0.0" */
    version: z.string().default("1.0.0"),
  })
  .superRefine(({ registry, version }, context) => {
    const image = parseImageReference(`${registry}/javya-backend:${version}`);
    if ("problem" in image) context.addIssue({ code: "custom", message: image.problem });
  });

/** A person who may approve what the control plane recommends; see docs/control-plane.md. */
const signer = z.strictObject({
  /** Told with what was done, e.g. "anna"; a person with several keys has several entries. */
  name: z.string().regex(SIGNER_NAME, "is no name: begin with a letter or digit, then also @._+-"),
  /** One line of an id_….pub file, also of a key in hardware. */
  key: z
    .string()
    .trim()
    .superRefine((text, context) => {
      const message = publicKeyProblem(text);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    }),
});

/** An address at which a reverse proxy shows the control plane's page. */
const pageUrl = z.url({
  protocol: /^https?$/,
  error: 'is no address of a page, e.g. "https://plane.example.com/"',
});

/** Days of the week in the order in which JavaScript counts them. */
export const WEEKDAYS = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
] as const;

/** Stands in files that others may read. */
const webhookAddress = z
  .url({ protocol: /^https?$/ })
  .refine((text) => !/^https?:\/\/[^/]*@/i.test(text), "has a login in it, and holds no secret");

/** Whom the control plane tells what is not well; see docs/adr/0027-notifications.md. */
const notifications = z.strictObject({
  /**
   * Where each message goes too, as JSON. It stands in files that others may read, so it holds no
   * secret. @default to ntfy alone
   */
  webhook: webhookAddress.optional(),
  /**
   * Where the home tells that the VPS is away, and ntfy and the control plane with it, and that it is
   * back: one message each, as JSON. Not on the VPS. @default nobody is told of that
   */
  whenAway: z
    .strictObject({
      webhook: webhookAddress,
      /** Seconds without any sign of life. @default 300 */
      afterSeconds: z.number().int().min(20).max(86_400).default(300),
    })
    .optional(),
  /** Seconds that something has to be not well before it is told. @default 60 */
  tellAfterSeconds: z.number().int().min(10).max(3600).optional(),
  /** Seconds that it has to be well again before its end is told. @default 600 */
  endAfterSeconds: z.number().int().min(30).max(600).optional(),
  /** When the weekly digest is told, in the site's time zone. @default monday at 8 */
  digest: z
    .strictObject({
      weekday: z.enum(WEEKDAYS).default("monday"),
      hour: z.number().int().min(0).max(23).default(8),
    })
    .prefault({}),
});

/** What watches the hosts together; see control-plane/README.md. */
const controlPlane = z.strictObject({
  /** Newest days of which the Observer keeps what hosts said. @default 30 */
  keepDays: z.number().int().min(1).max(3650).default(30),
  /**
   * Addresses at which a reverse proxy of yours shows the page, each as people write it into a
   * browser, e.g. "https://plane.example.com/". By any other name it does not answer.
   * @default none: it is at port 8080 of the VPS's mesh address
   */
  pageUrls: z.array(pageUrl).optional(),
  /** Who may approve. @default nobody: it recommends, and no host carries anything out */
  signers: z
    .array(signer)
    .refine(
      (signers) => new Set(signers.map(({ key }) => withoutComment(key))).size === signers.length,
      "has one key twice; a key says who approved, so it belongs to one person",
    )
    .default([]),
  /** Whom it tells; `{}` tells ntfy. @default nobody: it is looked at with `npx homelab status` */
  notifications: notifications.optional(),
});

const nasMounts = z.strictObject({
  type: z.enum(["nfs", "nfs4", "fuse.sshfs"]),
  /** What stands before the exported path, e.g. "192.168.0.12:". */
  source: mountSource,
  /** Mount options, comma separated. */
  options: mountOptions,
});

/** Of a home that has the folders itself. */
const NO_MOUNTS = { type: "nfs", source: "", options: "" } as const;

/** A host with a reverse proxy of this program. */
type ProxyHost = HostWith<"coordinator"> | HostWith<"home">;

function isProxyHost(name: HostName): name is ProxyHost {
  return hasRole(name, "coordinator") || hasRole(name, "home");
}

/** Schema of the config value `homelab:site` in Pulumi.yaml, shared by all stacks. */
export const siteSchema = z.strictObject({
  /** Domain below which every service has its name. */
  domain: domainName,
  /** Time zone of all containers, e.g. "America/Asuncion". */
  timezone,
  /** Name of the first user where an app needs one. */
  adminUser: userName,
  /** Addresses of each host of household/hosts.ts. */
  hosts: z.strictObject(byHost(HOSTS, () => host)),
  /** How the VPS's machine comes to be. @default it is there already */
  vps: vpsMachine.default({ provision: "existing", loginUser: LOGIN_USER }),
  /** Who coordinates the mesh. @default Headscale */
  mesh: mesh.default({ coordinator: "headscale", addresses: "random" }),
  /** Who signs the certificates of each reverse proxy, of those that it knows. */
  certificates: z.strictObject(byHost(HOSTS.filter(isProxyHost), () => issuer)),
  /**
   * How the home mounts the storage's folders.
   * @default nothing is mounted, where one host is both
   */
  nasMounts: hasRole(hostWith("storage"), "home") ? nasMounts.default(NO_MOUNTS) : nasMounts,
  /** Render and video groups of the Docker VM, which own /dev/dri. */
  renderGroups: z.array(groupNumber),
  /** Keep using public upstreams for DNS, e.g. ["1.1.1.1", "9.9.9.9"]. */
  dnsUpstreams: z.array(machineAddress).min(1, "is empty; name at least one, e.g. 1.1.1.1"),
  /**
   * Javya, the household's own app, whose images are in no public registry.
   * @default it is left out, with its names, secrets, copies and monitors
   */
  javya: javya.optional(),
  /**
   * The control plane on the VPS, to which all hosts say what they see; `{}` turns it on.
   * @default it is left out, with its secrets, folders and ports
   */
  controlPlane: controlPlane.optional(),
});

/** What is the same for every stack: names, addresses, certificates. */
export type Site = z.infer<typeof siteSchema>;

/** Which address Headscale gives to a new member. */
export type MeshAddresses = Extract<Site["mesh"], { coordinator: "headscale" }>["addresses"];

/** Who signs a reverse proxy's certificates. */
export type CertificateIssuer = z.infer<typeof issuer>;

/**
 * Checks the site settings and answers them typed.
 * @throws UserError HL-SITE that lists every mistake with its path
 */
export function parseSite(value: unknown): Site {
  const result = siteSchema.safeParse(value);
  const clashes = clashesIn(value);
  if (result.success && clashes.length === 0) return result.data;
  const mistakes = [...(result.error?.issues ?? []), ...clashes].map(
    ({ path, message }): Problem => ({
      path: `homelab:site${path.map((part) => `.${String(part)}`).join("")}`,
      message,
    }),
  );
  throw siteError(mistakes);
}

/** The error that lists mistakes of the site's settings, each with its path. */
export function siteError(mistakes: readonly Problem[]): UserError {
  const list = mistakes.map((mistake) => `  ${problemText(mistake)}`).join("\n");
  return new UserError(
    "HL-SITE",
    `the site settings in Pulumi.yaml are not usable:\n${list}\nCorrect them there; nothing was changed.`,
    mistakes,
  );
}
