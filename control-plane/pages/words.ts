// The one file that the pages have their words from. The words themselves stand in a file for each
// page, because all of them together are longer than a file may be here.
import { BACKUPS } from "./words/backups.ts";
import { BOOT } from "./words/boot.ts";
import { DEPLOYMENTS } from "./words/deployments.ts";
import { DRIFT } from "./words/drift.ts";
import { EVENTS } from "./words/events.ts";
import { FRAME } from "./words/frame.ts";
import { HELP } from "./words/help.ts";
import { HOSTS } from "./words/hosts.ts";
import { IMAGES } from "./words/images.ts";
import { INCIDENTS } from "./words/incidents.ts";
import { OVERVIEW } from "./words/overview.ts";
import { PAST } from "./words/past.ts";
import { SERVICES } from "./words/services.ts";
import { STATES } from "./words/states.ts";

/** Every word that the pages say. */
export const WORDS = {
  ...STATES,
  ...FRAME,
  ...OVERVIEW,
  ...SERVICES,
  ...INCIDENTS,
  ...EVENTS,
  ...BACKUPS,
  ...HOSTS,
  ...HELP,
  drift: DRIFT,
  deployments: DEPLOYMENTS,
  boot: BOOT,
  past: PAST,
  images: IMAGES,
};
