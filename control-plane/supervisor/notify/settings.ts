// Whom the Supervisor tells. Only this file says it: nothing that is observed adds a target.
import { readFileSync } from "node:fs";
import * as z from "zod";

/** Names a target, its folder in the outbox among others. */
const targetName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/)
  .refine((name) => name !== "dead", "is the folder of what nobody took; call it otherwise");

/** Where a message is sent; a login in it would stand in logs. */
const address = z.string().refine(isAddress, "has to be http:// or https://, without a login");

const topic = z.string().regex(/^[-_A-Za-z0-9]{1,64}$/);

const target = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("ntfy"),
    name: targetName,
    url: address,
    topics: z.strictObject({ critical: topic, warning: topic, info: topic }),
    /** Absolute path of the file that holds the token, and nothing else. */
    tokenFile: z.string().startsWith("/"),
  }),
  z.strictObject({
    kind: z.literal("webhook"),
    name: targetName,
    url: address,
    /** Likewise. @default it asks for none */
    tokenFile: z.string().startsWith("/").optional(),
  }),
]);

/** Who is told. */
export type Target = z.infer<typeof target>;

const settingsSchema = z.strictObject({
  version: z.literal(1),
  targets: z
    .array(target)
    .min(1)
    .refine(
      (all) => new Set(all.map(({ name }) => name)).size === all.length,
      "have one name twice",
    ),
  /** When the weekly digest is told, by the container's time zone; 0 is Sunday. */
  digest: z.strictObject({
    weekday: z.number().int().min(0).max(6),
    hour: z.number().int().min(0).max(23),
  }),
  /** Seconds that something lasts before it is told: a restart is no news. @default 60 */
  tellAfterSeconds: z.number().int().min(1).max(3600).default(60),
  /** Seconds that it is well before its end is told; what is well for longer is forgotten. @default 600 */
  endAfterSeconds: z.number().int().min(1).max(600).default(600),
  /** Days after which what a target did not take is given up. @default 3 */
  deadAfterDays: z.number().int().min(1).max(30).default(3),
});

/** Whom it tells, and when. */
export type NotifySettings = z.infer<typeof settingsSchema>;

/**
 * Reads the settings.
 * @throws Error that says where they are wrong: who is not told does not notice
 */
export function readNotifySettings(path: string): NotifySettings {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Error(`${path} cannot be read as JSON; deploy the VPS, which writes it anew`);
  }
  const { data, error } = settingsSchema.safeParse(value);
  if (!data) throw new Error(`${path} does not say whom to tell: ${z.prettifyError(error)}`);
  return data;
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === "http:" || protocol === "https:") && username + password === "";
}
