// Requests of Hetzner's Cloud API as its reference describes them, as far as a rented machine needs
// them. Every object is strict: a field that the reference does not have is a mistake.
import { isIP } from "node:net";
import { z } from "zod";

const id = z.int().positive();
/** The reference says "ID or name"; Hetzner's own client sends an ID as a number. */
const idOrName = z.union([z.string().min(1), id]);

/** Keys and values of labels: at most 63 characters, beginning and ending with a letter or digit. */
const labelText = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const labels = z.record(
  z.string().regex(labelText),
  z.union([z.literal(""), z.string().regex(labelText)]),
);

const cidr = z.string().refine((text) => {
  const [address = "", length = "", ...rest] = text.split("/");
  const family = isIP(address);
  const longest = family === 4 ? 32 : 128;
  return family !== 0 && rest.length === 0 && /^\d+$/.test(length) && Number(length) <= longest;
}, "is not a network in CIDR notation");

const port = z.string().regex(/^\d{1,5}(-\d{1,5})?$/);
const addresses = { source_ips: z.array(cidr).max(100), destination_ips: z.array(cidr).max(100) };
const rule = z
  .strictObject({
    direction: z.enum(["in", "out"]),
    protocol: z.enum(["tcp", "udp", "icmp", "esp", "gre"]),
    port: port.nullish(),
    description: z.string().max(255).nullish(),
    source_ips: addresses.source_ips.optional(),
    destination_ips: addresses.destination_ips.optional(),
  })
  .refine(
    ({ protocol, port: given }) =>
      ["tcp", "udp"].includes(protocol) === (typeof given === "string"),
    "has a port with tcp and udp, and none otherwise",
  )
  .refine(
    ({ direction, source_ips = [], destination_ips = [] }) =>
      direction === "in"
        ? source_ips.length > 0 && destination_ips.length === 0
        : destination_ips.length > 0 && source_ips.length === 0,
    "names sources when inward, destinations when outward",
  );
const rules = z.array(rule).max(50);
const target = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("server"), server: z.strictObject({ id }) }),
  z.strictObject({
    type: z.literal("label_selector"),
    label_selector: z.strictObject({ selector: z.string().min(1) }),
  }),
]);

/** Bodies, by method and path. */
export const BODIES = {
  "POST /ssh_keys": z.strictObject({
    name: z.string().min(1),
    public_key: z.string().regex(/^(ssh|ecdsa|sk)-\S+ \S+/),
    labels: labels.optional(),
  }),
  "PUT /ssh_keys/{id}": z.strictObject({
    name: z.string().min(1).optional(),
    labels: labels.optional(),
  }),
  "POST /firewalls": z.strictObject({
    name: z.string().min(1).max(128),
    labels: labels.optional(),
    rules: rules.optional(),
    apply_to: z.array(target).optional(),
  }),
  "PUT /firewalls/{id}": z.strictObject({
    name: z.string().min(1).max(128).optional(),
    labels: labels.optional(),
  }),
  "POST /firewalls/{id}/actions/set_rules": z.strictObject({ rules }),
  "POST /servers": z.strictObject({
    name: z
      .string()
      .max(63)
      .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/),
    server_type: idOrName,
    image: idOrName,
    location: z.string().min(1).optional(),
    datacenter: z.string().min(1).optional(),
    ssh_keys: z.array(idOrName).optional(),
    user_data: z
      .string()
      .refine((text) => Buffer.byteLength(text) <= 32 * 1024, "is longer than 32 KiB")
      .optional(),
    start_after_create: z.boolean().optional(),
    labels: labels.optional(),
    automount: z.boolean().optional(),
    volumes: z.array(id).optional(),
    networks: z.array(id).optional(),
    firewalls: z.array(z.strictObject({ firewall: id })).optional(),
    placement_group: id.optional(),
    public_net: z
      .strictObject({
        enable_ipv4: z.boolean().optional(),
        enable_ipv6: z.boolean().optional(),
        ipv4: id.nullish(),
        ipv6: id.nullish(),
      })
      .optional(),
  }),
  "PUT /servers/{id}": z.strictObject({
    name: z.string().min(1).optional(),
    labels: labels.optional(),
  }),
  "POST /servers/{id}/actions/change_protection": z
    .strictObject({ delete: z.boolean().optional(), rebuild: z.boolean().optional() })
    .refine(
      ({ delete: one, rebuild }) => one === rebuild,
      "protects against deleting and rebuilding alike, as Hetzner demands",
    ),
  "POST /servers/{id}/actions/change_dns_ptr": z.strictObject({
    ip: z.string().refine((text) => isIP(text) !== 0, "is not an address"),
    dns_ptr: z.string().min(1).nullable(),
  }),
} as const;

/** Method and path of a request with a body. */
export type Written = keyof typeof BODIES;

/** A checked body. */
export type Body<Key extends Written> = z.infer<(typeof BODIES)[Key]>;

const page = {
  page: z.string().regex(/^\d+$/).optional(),
  per_page: z.string().regex(/^\d+$/).optional(),
};

/** Parameters of requests that read, by path. */
export const PARAMETERS: Readonly<Record<string, z.ZodType<Record<string, string | undefined>>>> = {
  "/server_types": z.strictObject({ name: z.string().optional(), ...page }),
  "/images": z.strictObject({
    name: z.string().optional(),
    architecture: z.enum(["x86", "arm"]).optional(),
    include_deprecated: z.enum(["true", "false"]).optional(),
    ...page,
  }),
  "/actions": z.strictObject({ id: z.string(), sort: z.string().optional(), ...page }),
};
