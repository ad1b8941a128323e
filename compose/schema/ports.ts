import * as z from "zod";
import { insteadOf } from "./issues.ts";
import { shortOrLong, text, texts } from "./fields.ts";

/** One port, or one of a range. */
export interface ComposePort {
  /** Address of the host it listens on; undefined for all. */
  readonly bind: string | undefined;
  /** Undefined when the engine chooses one. */
  readonly host: number | undefined;
  readonly container: number;
  readonly protocol: string;
}

const WRONG = {
  wrong: 'is not a port, e.g. "8080:80", "127.0.0.1:8080:80/tcp" or "3000-3005:3000-3005"',
};
const MOST_PORTS = 1000;
const SHORT =
  /^(?:(?:(?<bind>\[[^\]]+\]|[^:]*):)?(?<host>\d*(?:-\d+)?):)?(?<container>\d+(?:-\d+)?)(?:\/(?<protocol>[a-z]+))?$/;

const long = z
  .strictObject(
    {
      target: text,
      published: text.optional(),
      host_ip: text.optional(),
      protocol: text.optional(),
      mode: z.unknown().optional(),
      name: z.unknown().optional(),
      app_protocol: z.unknown().optional(),
    },
    insteadOf("is neither a port nor a map with `target`"),
  )
  .transform(({ target, published = "", host_ip: bind, protocol = "tcp" }, context) => {
    const ports = expanded(bind, published, target, protocol);
    if (ports) return ports;
    context.addIssue({ code: "custom", message: WRONG.wrong });
    return z.NEVER;
  });

/** The ports that a service publishes, each of a range by itself. */
export const ports = z
  .array(shortOrLong<readonly ComposePort[]>(short, long), { error: "is not a list" })
  .transform((lists) => lists.flat());

/** Ports for others in the same network. */
export const exposed = texts.transform((list) =>
  list.flatMap((port) => range(port.replace(/\/.*/, "")) ?? []),
);

function short(given: string) {
  const { bind, host = "", container = "", protocol = "tcp" } = SHORT.exec(given)?.groups ?? {};
  const value = expanded(bind, host, container, protocol);
  return value ? { value } : WRONG;
}

/** Each port of two ranges of the same length, or of one port. */
function expanded(
  bind: string | undefined,
  host: string,
  container: string,
  protocol: string,
): readonly ComposePort[] | undefined {
  const inside = range(container);
  if (!inside || inside.length > MOST_PORTS) return undefined;
  const outside = host === "" ? inside.map(() => undefined) : range(host);
  // A range of the host for one port means "any of these": its first is as good.
  if (!outside || (outside.length !== inside.length && inside.length !== 1)) return undefined;
  return inside.map((port, index) => ({
    bind: bind === "" ? undefined : bind?.replace(/^\[|\]$/g, ""),
    host: outside[index],
    container: port,
    protocol,
  }));
}

function range(text: string): number[] | undefined {
  const [, first = "", last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === "" || from < 1 || to > 65535 || to < from) return undefined;
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
