/** Somebody who listens on a port of the host. */
export interface Listener {
  readonly protocol: "tcp" | "udp";
  /** Address without the interface, e.g. "127.0.0.53"; "*" for all. */
  readonly address: string;
  readonly port: number;
  /** Name of the program, cut to 15 letters by the kernel; undefined when only root may know it. */
  readonly program: string | undefined;
  readonly pid: number | undefined;
}

/** Reads `ss -lntupH`. */
export function parseListeners(text: string): Listener[] {
  return text.split("\n").flatMap((line): Listener[] => {
    const [protocol, , , , local = ""] = line.trim().split(/\s+/);
    if (protocol !== "tcp" && protocol !== "udp") return [];
    // "127.0.0.53%lo:53", "[::]:22", "*:9100"
    const [, address = "", port = ""] = /^\[?([^\]%]*)(?:%[^\]:]*)?\]?:(\d+)$/.exec(local) ?? [];
    if (port === "") return [];
    const [, program, pid] = /users:\(\("([^"]*)",pid=(\d+)/.exec(line) ?? [];
    return [{ protocol, address, port: Number(port), program, pid: pid ? Number(pid) : undefined }];
  });
}

/** Whether somebody on one address leaves no room for somebody on the other, with the same port. */
export function addressesClash(one: string, other: string): boolean {
  // "::" is IPv6 alone: who listens on both kinds is printed as "*".
  if (one.includes(":") !== other.includes(":") && one !== ALL && other !== ALL) return false;
  return one === other || isAll(one) || isAll(other);
}

/** All addresses of both kinds. */
const ALL = "*";

function isAll(address: string): boolean {
  return [ALL, "0.0.0.0", "::", ""].includes(address);
}
