// Every image the sandbox has, as data: what it is, what it lacks, where that was read.
import { DATA_STORES } from "./entries/data-stores.ts";
import { HOME } from "./entries/home.ts";
import { MEDIA } from "./entries/media.ts";
import { MONITORING } from "./entries/monitoring.ts";
import { NETWORK } from "./entries/network.ts";
import { SIGN_IN } from "./entries/sign-in.ts";
import { STORAGE } from "./entries/storage.ts";
import type { ImageEntry } from "./types.ts";

/** All images, one entry for each reference. */
export const IMAGES: readonly ImageEntry[] = [
  ...NETWORK,
  ...DATA_STORES,
  ...HOME,
  ...SIGN_IN,
  ...MONITORING,
  ...MEDIA,
  ...STORAGE,
];
