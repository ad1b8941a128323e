// Names, certificates and the mesh: the programs that the sandbox has for real, too.
import { answers } from "../answers.ts";
import type { RealProgram } from "../real-program.ts";

const CADDY = "Go module github.com/caddyserver/caddy/v2";

/** Serves a page of its own beside the declared sites, and asks it through the admin interface. */
const CADDY_QUESTION = {
  from: CADDY,
  version: ["caddy", "version"],
  question: "takes our Caddyfile, and answers at 443 for a site of it with a certificate",
} as const;

function tls(site: string): string {
  return `curl -ksS -o /dev/null -w '%{http_code} %{ssl_verify_result} %{remote_port}\\n' --connect-to "${site}:443:$address:443" "https://${site}/"`;
}

/** Programs of the VPS and of the Docker VM that names and addresses need. */
export const NETWORK: readonly RealProgram[] = [
  {
    service: "vps/headscale",
    from: "Go module github.com/juanfont/headscale",
    version: ["headscale", "version"],
    question: "makes a user and a key for a machine by our configuration",
    ask: `in_it headscale users create conformance > /dev/null 2>&1
in_it headscale users list --output json`,
    right: answers(/"name":\s*"conformance"/),
  },
  {
    service: "vps/unbound",
    from: "Debian 13",
    image: { root: "debian", entry: {} },
    version: ["unbound", "-V"],
    question: "answers a name of its own by our configuration",
    ask: "in_it drill -p 5335 localhost @127.0.0.1",
    right: answers(/rcode: NOERROR[^]*localhost\.\s+\d+\s+IN\s+A\s+127\.0\.0\.1/),
  },
  {
    service: "vps/derp",
    from: "Go module tailscale.com/cmd/derper",
    version: ["/app/derper", "--version"],
    question: "says that it is a relay",
    ask: `curl -fsS "http://$address:8080/derp/probe" -o /dev/null -w '%{http_code}'`,
    right: answers(/^200$/),
  },
  {
    service: "vps/caddy",
    ...CADDY_QUESTION,
    ask: tls("headscale.homelab.test"),
    right: answers(/^\d{3} \d+ 443/),
  },
  {
    service: "docker-vm/caddy",
    ...CADDY_QUESTION,
    ask: tls("home-assistant.homelab.test"),
    right: answers(/^\d{3} \d+ 443/),
  },
];
