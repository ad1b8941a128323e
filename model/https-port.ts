import type { AppService } from "./declaration.ts";

const HTTPS = 443;

/** The port at which a service of its host listens for HTTPS, as its proxy does; undefined where it does not. */
export function httpsPort({
  ports = [],
}: Pick<AppService, "ports">): NonNullable<AppService["ports"]>[number] | undefined {
  return ports.find(({ host, protocol }) => host === HTTPS && protocol === "tcp");
}
