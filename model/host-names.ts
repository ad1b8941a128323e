/** The three hosts, in the order they are deployed: each may rely on those before it. */
export const HOSTS = ["vps", "nas", "docker-vm"] as const;

/** A host of the homelab; also the name of its Pulumi stack and of its ssh alias. */
export type HostName = (typeof HOSTS)[number];

/** Whether the text names a host. */
export function isHostName(text: string): text is HostName {
  return (HOSTS as readonly string[]).includes(text);
}
