import type { ProxiedSite, ProxyPlace } from "../../../components/edge/routes.plan.ts";
import { IDENTITY_HEADERS } from "../../../components/edge/vouched-network.plan.ts";

/** Where it finds the certificate of each site, and the authority that signed it. */
export const CERTIFICATES = "/etc/nginx/certificates";

const IDENTITY = Object.entries(IDENTITY_HEADERS);

/** nginx.conf that serves the given sites, and the domain's own page from a folder. */
export function nginxConf(
  sites: readonly ProxiedSite[],
  { authelia }: Pick<ProxyPlace, "authelia">,
  own?: { readonly name: string; readonly folder: string },
): string {
  return `events {}
http {
  # Names are asked for at each request: an app that is away keeps no other site from working.
  resolver 127.0.0.11 valid=10s;
  map $http_upgrade $connection_upgrade {
    default upgrade;
    "" close;
  }
  server {
    listen 80 default_server;
    return 301 https://$host$request_uri;
  }
${[...sites.map((site) => server(site.name, location(site, authelia))), ...ownSite(own)].join("\n")}
}
`;
}

function server(name: string, inside: string): string {
  return `  server {
    listen 443 ssl;
    server_name ${name};
    ssl_certificate ${CERTIFICATES}/${name}.crt;
    ssl_certificate_key ${CERTIFICATES}/${name}.key;
${inside}
  }`;
}

function location({ name, upstream, scheme, auth }: ProxiedSite, authelia?: string): string {
  if (auth && authelia === undefined)
    throw new Error(`${name} asks for a login, and nobody is there`);
  return `${auth ? check(authelia ?? "") : ""}    location / {
${auth ? asked() : ""}${IDENTITY.map(([part, header]) => `      proxy_set_header ${header} ${auth ? `$${part}` : '""'};`).join("\n")}
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto https;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      set $upstream ${scheme}://${upstream};
      proxy_pass $upstream;
    }`;
}

/** What asks Authelia; a visitor's word on who he is goes nowhere, as no header is passed on. */
function check(authelia: string): string {
  return `    location = /internal/authelia {
      internal;
      set $login http://${authelia}/api/authz/auth-request;
      proxy_pass $login;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
${IDENTITY.map(([, header]) => `      proxy_set_header ${header} "";`).join("\n")}
      proxy_set_header X-Original-Method $request_method;
      proxy_set_header X-Original-URL https://$host$request_uri;
      proxy_set_header X-Forwarded-For $remote_addr;
    }
`;
}

function asked(): string {
  const headers = IDENTITY.map(
    ([part, header]) =>
      `      auth_request_set $${part} $upstream_http_${header.toLowerCase().replace("-", "_")};\n`,
  );
  return `      auth_request /internal/authelia;
${headers.join("")}      auth_request_set $portal $upstream_http_location;
      error_page 401 =302 $portal;
`;
}

function ownSite(own?: { readonly name: string; readonly folder: string }): string[] {
  return own ? [server(own.name, `    root ${own.folder};`)] : [];
}
