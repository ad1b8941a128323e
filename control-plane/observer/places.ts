import { join } from "node:path";

/** Where the Observer's files are; it writes nowhere else. */
export interface Places {
  readonly events: string;
  readonly snapshots: string;
  readonly world: string;
  readonly checkpoint: string;
  readonly health: string;
  readonly audit: string;
}

/** @param root /opt/homelab, unless it is tried elsewhere */
export function placesBelow(root: string): Places {
  return {
    events: join(root, "events"),
    snapshots: join(root, "events/snapshots"),
    world: join(root, "world"),
    checkpoint: join(root, "state/observer_checkpoint.json"),
    health: join(root, "state/observer_health.json"),
    audit: join(root, "audit/observer"),
  };
}
