import type { CopyJob } from "../../model/copy-job.ts";
import type { NetworkDeclaration, VolumeDeclaration } from "../../model/declaration.ts";
import { copiedVolumes } from "../backup/copied-volumes.plan.ts";
import type { HomeProxy } from "./proxy.plan.ts";
import { proxyStack } from "./proxy-service.plan.ts";
import { VOUCHED_NETWORK } from "./vouched-network.plan.ts";

/** The networks that a host has because of the proxy at home. */
export function homeProxyNetworks({ network }: HomeProxy): NetworkDeclaration[] {
  const { name, subnet, gateway } = VOUCHED_NETWORK;
  return [{ name: network }, { name, subnet, gateway }];
}

/** Name of the job that copies what the proxy at home keeps, and the rest of its host. */
export function homeProxyJob({ service }: HomeProxy): string {
  return `${service}-backup`;
}

/**
 * The nightly copy of the proxy's own volumes and of those of its host that no other job copies.
 * @param own volumes of the proxy
 * @param volumes all of its host
 */
export function homeProxyBackup(
  proxy: HomeProxy,
  own: readonly string[],
  volumes: readonly VolumeDeclaration[],
): CopyJob {
  const others = copiedVolumes(volumes);
  return {
    name: homeProxyJob(proxy),
    stack: proxyStack(proxy),
    networks: [proxy.network],
    repository: proxy.service,
    schedule: "15 2 * * *",
    data: [...own.map((volume) => ({ volume, target: `/data/${volume}` })), ...others.data],
    excludes: others.excludes,
    sqlite: others.sqlite,
  };
}
