import { isIP, isIPv4 } from "node:net";
import { z } from "zod";

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

/** Tailscale's and Headscale's members have an address of 100.64.0.0/10 (RFC 6598). */
export const meshAddress = ipv4.refine(
  (text) => {
    if (!isIPv4(text)) return true;
    const [first = 0, second = 0] = text.split(".").map(Number);
    return first === 100 && second >= 64 && second < 128;
  },
  {
    error: ({ input }) =>
      `"${String(input)}" is not in 100.64.0.0/10, where the mesh has its addresses`,
  },
);

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

/** Of small letters: it is compared with what browsers ask for, and they ask so (RFC 1034, 3.1). */
export const domainName = z
  .string()
  .max(200)
  .regex(new RegExp(`^(${LABEL}\\.)+${LABEL}$`), {
    error: ({ input }) =>
      `"${String(input)}" is not a domain of small letters, digits, - and dots, e.g. home.example`,
  });

/** Users that the apps have beside the person, and those of the images and hosts. */
const TAKEN_USERS = [
  "homelab",
  "watchtower",
  "homeassistant",
  "frigate",
  "root",
  "nobody",
  "guest",
];

/** Goes into users' lists, URLs and start scripts, so it is plain. */
export const userName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, {
    error: ({ input }) =>
      `"${String(input)}" is not a user name of small letters, digits, - and _, a letter first`,
  })
  .refine((text) => !TAKEN_USERS.includes(text), {
    error: ({ input }) =>
      `"${String(input)}" is the name of a user that the apps have already; take another`,
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

/** A group by its number: names differ between hosts and images. */
export const groupNumber = z.string().regex(/^\d{1,9}$/, {
  error: ({ input }) =>
    `"${String(input)}" is not a group's number; \`getent group render\` shows it`,
});
