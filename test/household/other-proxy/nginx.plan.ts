import {
  homeProxyBackup,
  homeProxyJob,
  homeProxyNetworks,
} from "../../../components/edge/home-proxy.plan.ts";
import type { HomeProxy, ProxyArgs, ReverseProxy } from "../../../components/edge/proxy.plan.ts";
import {
  proxyAttachments,
  proxyProbe,
  proxyStack,
} from "../../../components/edge/proxy-service.plan.ts";
import {
  OWN_PAGE_PROBE,
  ownPage,
  publicProxyRequires,
} from "../../../components/edge/public-proxy.plan.ts";
import { app } from "../../../model/app.ts";
import type { AppService } from "../../../model/declaration.ts";
import { hostWith } from "../../../model/host-names.ts";
import { nothingRead, read, type ImageContract } from "../../../model/image-contract.ts";
import type { Site } from "../../../model/site.ts";
import { CERTIFICATES, nginxConf } from "./nginx-conf.ts";

const NGINX_IMAGE: ImageContract = {
  ...nothingRead("docker.io/library/nginx:1.28.0-alpine", "config-file"),
  ports: read(["80", "443"], "made up for the test"),
};

const PAGES = "/usr/share/nginx/html";

/** nginx on the host at home; a person lays the certificates into its volume. */
export const NGINX: HomeProxy = {
  title: "nginx",
  service: "nginx",
  network: "nginx-net",
  certificates: "nginx-certificates",
  issuers: ["internal"],
  authority: `${CERTIFICATES}/root.crt`,
  app: nginx,
};

/** nginx on the coordinator. */
export const PUBLIC_NGINX: ReverseProxy = { ...NGINX, app: publicNginx };

function nginx(site: Site, { place, sites, volumes }: ProxyArgs) {
  return app({
    type: "homelab:networking:Nginx",
    exposes: { proxy: NGINX.service, backup: homeProxyJob(NGINX) },
    images: [NGINX_IMAGE],
    networks: homeProxyNetworks(NGINX),
    services: [
      {
        ...container(site, { place }, nginxConf(sites, place)),
        probes: [proxyProbe(NGINX, hostWith("home"))],
      },
    ],
    jobs: [homeProxyBackup(NGINX, [NGINX.certificates], volumes)],
    volumes: [{ name: NGINX.certificates }],
  });
}

function publicNginx(site: Site, { place, sites }: ProxyArgs) {
  const conf = nginxConf(sites, {}, { name: site.domain, folder: PAGES });
  const service = container(site, { place }, conf);
  const page = { kind: "text", text: ownPage(site.domain) } as const;
  return app({
    type: "homelab:networking:PublicNginx",
    exposes: { proxy: NGINX.service },
    images: [NGINX_IMAGE],
    services: [
      {
        ...service,
        files: [...(service.files ?? []), { target: `${PAGES}/index.html`, content: page }],
        requires: publicProxyRequires(site, PUBLIC_NGINX),
        probes: [proxyProbe(PUBLIC_NGINX, hostWith("coordinator")), OWN_PAGE_PROBE],
      },
    ],
    volumes: [{ name: NGINX.certificates, copied: { at: "/data/nginx" } }],
  });
}

function container(site: Site, { place }: Pick<ProxyArgs, "place">, conf: string): AppService {
  return {
    name: NGINX.service,
    stack: proxyStack(NGINX),
    image: NGINX_IMAGE.reference,
    env: { TZ: site.timezone },
    networks: proxyAttachments(place),
    ports: [80, 443].map((port) => ({
      bind: "0.0.0.0",
      host: port,
      container: port,
      protocol: "tcp",
    })),
    mounts: [{ kind: "volume", volume: NGINX.certificates, target: CERTIFICATES }],
    files: [{ target: "/etc/nginx/nginx.conf", content: { kind: "text", text: conf } }],
    health: { test: ["CMD", "nc", "-z", "127.0.0.1", "443"] },
    limits: { memory: "128MiB", cpus: 0.5 },
    capabilities: ["CHOWN", "NET_BIND_SERVICE", "SETGID", "SETUID"],
    category: "networking",
    critical: true,
  };
}
