// How long the certificates are good that this host's reverse proxy shows to who comes.
import { connect, createSecureContext, type SecureContext } from "node:tls";
import * as z from "zod";
import { shareLeft, type ShownCertificate } from "../../../control-plane/contract/certificate.ts";

/** Schema of where a host's proxy is asked for its certificates. */
export const proxySettings = z.object({
  /** Where it listens, as this host reaches it. */
  address: z.ipv4(),
  port: z.number().int().positive().max(65_535),
  /** Sites that it serves; each may have a certificate of its own. */
  names: z.array(z.hostname()),
});

/** A look waits for it no longer, in milliseconds. */
const HANDSHAKE_MS = 3000;

/** What sites have shown before, by name. */
export type KnownCertificates = Map<string, ShownCertificate>;

/**
 * Of the certificates that a proxy shows, the one that has the least of its time left. A site that
 * shows none while others do counts with what it showed before: its certificate is no newer for that.
 * @param known is brought up to date
 * @returns undefined where none is shown: that the proxy is down is not for here to say
 */
export async function nearestEnd(
  proxy: z.infer<typeof proxySettings>,
  now: number,
  known: KnownCertificates,
): Promise<ShownCertificate | undefined> {
  // Nothing is checked by it, so it need not know any authority, which would take memory.
  const secureContext = createSecureContext({ ca: [] });
  const all = await Promise.all(proxy.names.map((name) => shownFor(name, proxy, secureContext)));
  const shown = all.filter((one) => one !== undefined);
  if (shown.length === 0) return undefined;
  for (const one of shown) known.set(one.name, one);
  return proxy.names
    .flatMap((name) => known.get(name) ?? [])
    .sort((a, b) => shareLeft(a, now) - shareLeft(b, now))
    .at(0);
}

function shownFor(
  name: string,
  { address, port }: z.infer<typeof proxySettings>,
  secureContext: SecureContext,
): Promise<ShownCertificate | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host: address,
      port,
      servername: name,
      secureContext,
      // Its dates alone are looked at, also of one that is over or that nobody here knows.
      rejectUnauthorized: false,
    });
    const end = (shown?: ShownCertificate): void => {
      clearTimeout(limit);
      socket.destroy();
      resolve(shown);
    };
    const limit = setTimeout(end, HANDSHAKE_MS);
    socket.once("secureConnect", () => {
      const { valid_from: from, valid_to: to } = socket.getPeerCertificate();
      const [notBefore, notAfter] = [momentOf(from), momentOf(to)];
      end(notBefore && notAfter ? { name, notBefore, notAfter } : undefined);
    });
    socket.on("error", () => end());
    socket.once("close", () => end());
  });
}

/** A date as it stands in a certificate; undefined where that is none. */
function momentOf(text: string): string | undefined {
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
