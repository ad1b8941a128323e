import type { Site } from "../../model/site.ts";
import { DERP_SITE, HEADSCALE_PORT, STUN_PORT } from "./headscale-config.plan.ts";
import { DERPER_1_84_IMAGE } from "./derper.image.ts";
import { app } from "../../model/app.ts";

/** Port of the relay inside its container. */
export const DERP_PORT = 8080;

/**
 * The relay for nodes that reach each other no other way.
 *
 * The proxy stands before it, so it needs no port of its own in a firewall, and no certificates that
 * somebody has to put into a volume by hand again and again.
 */
export function derp(site: Site) {
  return app({
    type: "homelab:networking:Derp",
    exposes: {
      /** The relay; healthy once it answers over HTTP. */
      relay: "derp",
    },
    images: [DERPER_1_84_IMAGE],
    networks: [{ name: "derp-net" }],
    services: [
      {
        name: "derp",
        stack: "networking/derp",
        image: DERPER_1_84_IMAGE.reference,
        entrypoint: ["/app/derper"],
        command: [
          `--hostname=${DERP_SITE}.${site.domain}`,
          "--c=/data/derper.key",
          // Not 443: on that port it would insist on a certificate of its own.
          `--a=:${DERP_PORT}`,
          "--http-port=-1",
          "--stun=true",
          `--stun-port=${STUN_PORT}`,
          // Without these it relays for anybody. Headscale is asked whether it knows the node, and
          // when it does not answer, nobody new is let in.
          `--verify-client-url=http://headscale:${HEADSCALE_PORT}/verify`,
          "--verify-client-url-fail-open=false",
        ],
        env: { TZ: site.timezone },
        networks: [{ name: "derp-net" }, { name: "headscale-net" }],
        ports: [{ bind: "0.0.0.0", host: STUN_PORT, container: STUN_PORT, protocol: "udp" }],
        mounts: [
          { kind: "volume", volume: "derp-data", target: "/data" },
          { kind: "tmpfs", target: "/tmp", size: "64MiB" },
        ],
        // The image has neither curl nor nc (it is Ubuntu's base), but bash.
        health: {
          test: [
            "CMD",
            "bash",
            "-c",
            `exec 3<>/dev/tcp/127.0.0.1/${DERP_PORT} && ` +
              "printf 'GET /generate_204 HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.. 204' <&3",
          ],
        },
        limits: { memory: "128MiB", cpus: 0.25 },
        readOnlyRoot: true,
        requires: [
          {
            on: "headscale",
            condition: "healthy",
            strength: "soft",
            limit: "30s",
            why: "knows which nodes may use the relay",
          },
        ],
        category: "networking",
        wayIn: true,
        routes: [{ name: DERP_SITE, port: DERP_PORT }],
      },
    ],
    // The relay's key; a new one is made when it is lost, and nodes take it as it is.
    volumes: [{ name: "derp-data", copied: { at: "/data/derp" } }],
  });
}
