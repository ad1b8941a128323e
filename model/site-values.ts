import { isIP, isIPv4 } from "node:net";
import { domainToASCII } from "node:url";
import { z } from "zod";
import { isWithin, MESH_SUBNET, subnetOf } from "./subnets.ts";

/** An address as the code builds on it: four numbers. */
export const ipv4 = z.string().superRefine((text, context) => {
  if (isIPv4(text)) return;
  const message =
    isIP(text) === 6
      ? `"${text}" is an IPv6 address, which is not supported yet; give the IPv4 address`
      : /[a-z]/i.test(text)
        ? `"${text}" is a name, which is not supported yet; give the IPv4 address`
        : `"${text}" is not an IPv4 address, e.g. 192.168.0.12`;
  context.addIssue({ code: "custom", message });
});

/** What no other machine is reached at (RFC 6890): this one, those of one cable, many at once. */
const NOBODYS = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"].map(subnetOf);

/** An address at which other machines are reached. */
export const machineAddress = ipv4.refine(
  (text) => !NOBODYS.some((subnet) => isWithin(text, subnet)),
  {
    error: ({ input }) =>
      `"${String(input)}" is no address at which another machine is reached, e.g. 192.168.0.12`,
  },
);

/**
 * Never given to a member: Tailscale keeps them for itself (tailscale.com/kb/1304, reserved IP
 * addresses), 100.100.100.100 is where every member's names are answered.
 */
const RESERVED = ["100.100.0.0/24", "100.100.100.0/24", "100.115.92.0/23"].map(subnetOf);

/** Tailscale's and Headscale's members have an address of 100.64.0.0/10 (RFC 6598). */
export const meshAddress = ipv4
  .refine((text) => !isIPv4(text) || isWithin(text, MESH_SUBNET), {
    error: ({ input }) =>
      `"${String(input)}" is not in 100.64.0.0/10, where the mesh has its addresses`,
  })
  .refine((text) => !RESERVED.some((subnet) => isWithin(text, subnet)), {
    error: ({ input }) => `"${String(input)}" is one that the mesh keeps for itself; take another`,
  });

/** A zone of the IANA's list, as the containers' C libraries read it from TZ. */
export const timezone = z.string().refine(isTimeZone, {
  error: ({ input }) =>
    `"${String(input)}" is no time zone of the IANA's list, e.g. America/Asuncion`,
});

function isTimeZone(text: string): boolean {
  // Offsets like +03:00 are understood here and by no container.
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions();
    // Case makes no difference here; in a container it is a file's name.
    return timeZone === text || timeZone.toLowerCase() !== text.toLowerCase();
  } catch {
    return false;
  }
}

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

const DOMAIN = new RegExp(`^(${LABEL}\\.)+${LABEL}$`);

/** Of small letters: it is compared with what browsers ask for, and they ask so (RFC 1034, 3.1). */
export const domainName = z
  .string()
  .max(200)
  .superRefine((text, context) => {
    const message = domainProblem(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

/** What is wrong with a domain, and how it would be right. */
function domainProblem(text: string): string | undefined {
  // Else each name below it would be asked of the local network and not of a name server (RFC 6762).
  if (/\.local\.?$/i.test(text)) {
    return `"${text}" ends with .local, whose names machines ask each other for and no name server; take e.g. home.arpa`;
  }
  if (isIP(text) !== 0)
    return `"${text}" is an address; give the domain below which services have their names`;
  if (DOMAIN.test(text)) return undefined;
  if (text.startsWith("*."))
    return `"${text}" is a wildcard; write "${text.slice(2)}", all services are below it`;
  const better = domainToASCII(text.trim().replace(/\.$/, ""));
  const hint =
    better !== text && DOMAIN.test(better) ? `; write "${better}"` : ", e.g. home.example";
  return `"${text}" is not a domain of small letters, digits, - and dots${hint}`;
}

/** Users that the apps have beside the person. */
const APP_USERS = ["homelab", "watchtower", "homeassistant", "frigate", "everyone"];

/**
 * Users and groups that Alpine's and Debian's base systems bring (alpine-baselayout's and
 * base-passwd's passwd and group): Samba's image makes the person's user among them, a rented VPS
 * its login user.
 */
const SYSTEM_USERS =
  "root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody adm shutdown halt operator postmaster cron ftp sshd at squid xfs postgres cyrus vpopmail ntp smmsp guest messagebus systemd-network systemd-resolve systemd-timesync docker sudo staff users video render audio disk tty input kvm".split(
    " ",
  );

/** Goes into users' lists, URLs and start scripts, so it is plain. */
export const userName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, {
    error: ({ input }) =>
      `"${String(input)}" is not a user name of small letters, digits, - and _, a letter first`,
  })
  .refine((text) => !APP_USERS.includes(text), {
    error: ({ input }) =>
      `"${String(input)}" is the name of a user that the apps have already; take another`,
  })
  .refine((text) => !SYSTEM_USERS.includes(text), {
    error: ({ input }) =>
      `"${String(input)}" is the name of a user or group that every system has already; take another`,
  });

/** Told to the certificate authority, which refuses an account without one that could be. */
export const email = z.string().regex(/^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, {
  error: ({ input }) => `"${String(input)}" is not an e-mail address`,
});

/** What stands before an exported path. Blanks would need escapes in a unit file. */
export const mountSource = z
  .string()
  .regex(/^[A-Za-z0-9@_.:/[\]-]*[A-Za-z0-9\]]:(\/[A-Za-z0-9_.-]+)*$/, {
    error: ({ input }) =>
      `"${String(input)}" is not what stands before a path: a host and a colon, e.g. "192.168.0.12:"`,
  });

/** Options of mount(8): words with commas between, no blanks. */
export const mountOptions = z.string().regex(/^[^\s,;"'\\%]+(,[^\s,;"'\\%]+)*$/, {
  error: ({ input }) =>
    `"${String(input)}" is not a list of mount options with commas between and no blanks, e.g. "defaults,_netdev,nofail"`,
});

/** Options that mount(8) takes for one kind of file system alone (nfs(5), sshfs(1)). */
const ONLY: Readonly<Record<"nfs" | "sshfs", RegExp>> = {
  nfs: /^(vers|nfsvers|proto|rsize|wsize|timeo|retrans|nconnect|actimeo|lookupcache|hard|soft|softerr|nolock|noac|nocto)(=|$)/,
  sshfs:
    /^(allow_other|allow_root|default_permissions|idmap|reconnect|identityfile|ServerAlive\w*|StrictHostKeyChecking|UserKnownHostsFile|follow_symlinks|uid|gid)(=|$)/i,
};

/** Why options do not go with a type of mount; undefined when they do. */
export function mountOptionsProblem(type: string, options: string): string | undefined {
  const words = options.split(",");
  if (words.includes("ro")) return '"ro" would let nobody write, and Sonarr, Radarr and Frigate do';
  const [own, others] =
    type === "fuse.sshfs" ? (["sshfs", "nfs"] as const) : (["nfs", "sshfs"] as const);
  const foreign = words.filter((word) => ONLY[others].test(word));
  if (foreign.length > 0) {
    return `${foreign.map((word) => `"${word}"`).join(", ")}: known to ${others} alone, and the type is "${type}"`;
  }
  if (own === "sshfs" && !words.includes("allow_other")) {
    return 'lacks "allow_other", without which only root sees what sshfs mounts, and no container\'s user';
  }
  return undefined;
}

/** A group by its number: names differ between hosts and images. */
export const groupNumber = z.string().regex(/^\d{1,9}$/, {
  error: ({ input }) =>
    `"${String(input)}" is not a group's number; \`getent group render\` shows it`,
});
