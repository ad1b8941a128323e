import type { HostDeclaration } from "./declaration.ts";
import { secretsIn } from "./file-secrets.ts";
import type { HostName } from "./host-names.ts";
import { HOST_SECRETS, type SecretName, type Secrets } from "./secrets.ts";

/** What is known of every secret of the given hosts, by its name. */
export function secretsAmong(hosts: readonly HostDeclaration[]): Secrets {
  return Object.assign({}, HOST_SECRETS, ...hosts.map(({ secrets }) => secrets)) as Secrets;
}

/** The secrets that a host's containers need, in a stable order. */
export function secretsUsedBy(host: HostDeclaration): SecretName[] {
  const used = new Set(Object.keys(HOST_SECRETS));
  if (host.machine) used.add("hcloud-token");
  if (host.reporting) used.add(host.reporting.token);
  for (const service of host.services) {
    for (const file of service.files ?? [])
      secretsIn(file.content).forEach((name) => used.add(name));
    if (service.databaseRole) used.add(service.databaseRole.secret);
    service.setUpSecrets?.forEach((name) => used.add(name));
  }
  return [...used];
}

/** The secrets of a stack's config: those that it uses, and those that its apps may come to use. */
export function secretsOf(host: HostDeclaration): SecretName[] {
  return [...new Set([...secretsUsedBy(host), ...Object.keys(host.secrets ?? {})])];
}

/** The stacks whose config has a secret, in the order in which they are deployed. */
export function stacksWith(name: SecretName, hosts: readonly HostDeclaration[]): HostName[] {
  return hosts.filter((host) => secretsOf(host).includes(name)).map(({ host }) => host);
}
