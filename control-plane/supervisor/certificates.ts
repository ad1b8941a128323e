// Which proxy shows a certificate that nobody renews.
import { httpsPort } from "../../model/https-port.ts";
import { shareLeft } from "../contract/certificate.ts";
import { isKnown } from "../contract/fitness.ts";
import type { HostWorld } from "../contract/world.ts";
import type { DesiredHost } from "./desired.ts";
import type { Problem } from "./problem.ts";

/**
 * With less of its time left somebody is told. Caddy renews a certificate when a third is left
 * (certmagic's DefaultRenewalWindowRatio, and `renewal_window_ratio` at
 * https://caddyserver.com/docs/json/apps/tls/automation/policies/), and tries again until it is over.
 * So it has failed for half of that by then: for 15 days with one of 90, for two hours with one of the
 * 12 hours that Caddy's own authority gives.
 */
const LEAST_SHARE = 1 / 6;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The certificate of a host's proxy that is about to be over; one for all of its names. */
export function endingCertificates(
  { services }: DesiredHost,
  world: HostWorld | undefined,
  now: number,
): Problem[] {
  // Also of a host that somebody works on: it is no better for that.
  if (!world || !isKnown(world)) return [];
  const { host, certificate, looked, sequence } = world;
  if (!certificate || shareLeft(certificate, now) >= LEAST_SHARE) return [];
  const proxy = [...services.values()].find((service) => httpsPort(service) !== undefined);
  if (!proxy) return [];
  const { name, notBefore, notAfter, at } = certificate;
  const end = Date.parse(notAfter);
  const since = new Date(end - LEAST_SHARE * (end - Date.parse(notBefore))).toISOString();
  const when = end > now ? `expires in ${spanOf(end - now)}` : `expired ${spanOf(now - end)} ago`;
  return [
    {
      kind: "certificate",
      cause: `${host}/${proxy.name}`,
      host,
      detail: `has a certificate of ${name} that ${when}`,
      since,
      sequence,
      affected: [],
      // A proxy that shows none is down, which has a message of its own.
      isHidden: at !== looked,
    },
  ];
}

/** What a person looks at, in one line. */
export function certificateAdvice({ cause, host }: Problem): string {
  const proxy = cause.slice(host.length + 1);
  return `only a person can tell why it is not renewed. ssh ${host} docker logs --since 24h ${proxy} names what failed; look whether the token for the DNS challenge is still good, the host's clock is right, and the issuer can be reached from there`;
}

/** How long, e.g. "90 min", "50 h", "14 days". */
function spanOf(ms: number): string {
  if (ms < 2 * HOUR_MS) return `${Math.ceil(ms / MINUTE_MS)} min`;
  return ms < 3 * DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / DAY_MS)} days`;
}
