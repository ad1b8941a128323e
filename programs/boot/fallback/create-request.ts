// The request by which the engine makes a container once more, from what it says of the first. Pure.
import type { Endpoint, Inspected } from "./inspected.ts";

/** Networks of other kinds than those that a host has by name: nothing can be said of them. */
const NO_ENDPOINTS = /^(host|none|container:.*)$/;

/** Digits of its id that the engine takes for a container's host name and alias. */
const SHORT_ID = 12;

/** Body of POST /containers/create; the same image, environment, mounts, networks and addresses. */
export function createRequest(container: Inspected): object {
  const { Id, Config, HostConfig, NetworkSettings } = container;
  const short = Id.slice(0, SHORT_ID);
  // The engine's own name for it, and an address that it made up for the network that it came to.
  const {
    Hostname,
    MacAddress: _made,
    ...config
  } = Config as Inspected["Config"] & {
    readonly MacAddress?: string;
  };
  const named = Hostname !== undefined && Hostname !== short && !isShared(HostConfig.NetworkMode);
  const endpoints = Object.entries(NetworkSettings.Networks ?? {}).map(
    ([name, endpoint]) => [name, endpointOf(endpoint, short)] as const,
  );
  return {
    ...config,
    ...(named && { Hostname }),
    HostConfig,
    ...(!NO_ENDPOINTS.test(HostConfig.NetworkMode) && {
      NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) },
    }),
  };
}

/** The engine takes a host name of none that shares another's network. */
function isShared(mode: string): boolean {
  return mode === "host" || mode.startsWith("container:");
}

/** What was asked for of a network, without what came of it. */
function endpointOf(endpoint: Endpoint, short: string): object {
  const { IPAMConfig, Links, Aliases, DriverOpts, GwPriority } = endpoint;
  const asked = (Aliases ?? []).filter((alias) => alias !== short);
  return {
    ...(IPAMConfig && { IPAMConfig }),
    ...(Links && { Links }),
    ...(asked.length > 0 && { Aliases: asked }),
    ...(DriverOpts && { DriverOpts }),
    ...(GwPriority !== undefined && GwPriority !== 0 && { GwPriority }),
  };
}

/** The networks that have to be there for it. */
export function networksOf(container: Inspected): string[] {
  if (NO_ENDPOINTS.test(container.HostConfig.NetworkMode)) return [];
  return Object.keys(container.NetworkSettings.Networks ?? {});
}
