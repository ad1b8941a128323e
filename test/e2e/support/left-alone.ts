import { expect } from "vitest";
import { parseHostWorld, type HostWorld } from "../../../control-plane/contract/world.ts";
import type { HostName } from "../../../model/host-names.ts";
import { on, type Lab } from "./lab.ts";

/** A host is left alone for so long after its program started. */
const JUST_BEGAN_SECONDS = 61;

/** What the Observer knows of a host. */
export async function worldOf(lab: Lab, host: HostName): Promise<HostWorld | undefined> {
  return parseHostWorld(await on(lab, "vps", `cat /opt/homelab/world/${host}.json`));
}

/** Waits until what happens on a host is told, which is not while it boots. */
export async function untilLeftAlone(lab: Lab, host: HostName): Promise<void> {
  const world = await worldOf(lab, host);
  // Precondition: nothing is told of a host that a person or a deployment is at.
  const { maintenance, hold, deploying } = world ?? {};
  expect({ host, maintenance, hold, deploying }).toEqual({
    host,
    maintenance: null,
    hold: null,
    deploying: null,
  });
  const began = Date.parse(world?.program?.at ?? "") / 1000;
  await on(
    lab,
    "vps",
    `left=$((${Math.ceil(began)} + ${JUST_BEGAN_SECONDS} - $(date +%s))); [ $left -le 0 ] || sleep $left`,
  );
}
