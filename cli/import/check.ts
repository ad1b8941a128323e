import { routesOf } from "../../components/edge/routes.plan.ts";
import type { DeclaredApp } from "../../model/app.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { hasRole, hostWith, type HostName } from "../../model/host-names.ts";
import { contractsOf } from "../../model/image-catalogue.ts";
import { problemText, type Problem } from "../../model/problem.ts";
import { findProblems } from "../../model/validate.ts";

/** Of a volume that a job of its host copies once the app is in the household. */
const BY_THE_HOST = "copied by the job of the host";

/** What `validate` is going to say of an app that joins a host. */
export function problemsWith(
  app: DeclaredApp,
  host: HostName,
  hosts: readonly HostDeclaration[],
): Problem[] {
  const known = new Set(findProblems(hosts, contractsOf(hosts)).map(problemText));
  const joined = hosts.map((each) => (each.host === host ? withApp(each, app) : each));
  const fresh = findProblems(joined, contractsOf(joined)).filter(
    (problem) => !known.has(problemText(problem)),
  );
  return [...fresh, ...siteProblems(app, host, hosts)];
}

function withApp(host: HostDeclaration, app: DeclaredApp): HostDeclaration {
  const networks = (app.networks ?? []).filter(
    ({ name }) => !host.networks.some((network) => network.name === name),
  );
  return {
    ...host,
    networks: [...host.networks, ...networks],
    volumes: [
      ...host.volumes,
      ...app.volumes.map(({ copied, ...volume }) =>
        copied ? { ...volume, notCopied: BY_THE_HOST } : volume,
      ),
    ],
    services: [...host.services, ...app.services.map((service) => ({ ...service, phase: 99 }))],
    contracts: [...(host.contracts ?? []), ...app.images],
    secrets: { ...host.secrets, ...app.secrets },
  };
}

/** Sites that are taken, or that no proxy could serve. */
function siteProblems(
  app: DeclaredApp,
  host: HostName,
  hosts: readonly HostDeclaration[],
): Problem[] {
  const taken = new Map(
    routesOf(hosts).map((source) => [source.route.name, `${source.host}/${source.service.name}`]),
  );
  return app.services.flatMap(({ name, ports = [], routes = [] }) =>
    routes.flatMap((route, index) => {
      const path = `${host}.${name}.routes[${index}]`;
      const owner = taken.get(route.name);
      const isOpen = ports.some(
        ({ container, bind }) => container === route.port && bind === "0.0.0.0",
      );
      return [
        ...(owner === undefined
          ? []
          : [`the site "${route.name}" is that of ${owner}; name another`]),
        ...(!hasProxy(host) && !isOpen ? [NOT_PUBLISHED] : []),
        ...(hasRole(host, "coordinator") ? [NOT_DIALLED] : []),
        ...(hasRole(host, "coordinator") && route.auth ? [NO_LOGIN] : []),
      ].map((message) => ({ path, message }));
    }),
  );
}

/** Whether a host's own reverse proxy serves its sites. */
function hasProxy(host: HostName): boolean {
  return hasRole(host, "coordinator") || hasRole(host, "home");
}

const NOT_PUBLISHED =
  "the Docker VM's reverse proxy comes over the network: publish its port on 0.0.0.0 in `ports`";
const NOT_DIALLED = `the VPS's reverse proxy does not dial into the app's network yet: add it to DIALLED in household/${hostWith("coordinator")}.plan.ts`;
const NO_LOGIN =
  "the VPS has no Authelia to ask for a login; take `auth` away, or choose another host";
