import { DATA } from "./programs/data.ts";
import { MEDIA } from "./programs/media.ts";
import { MONITORING } from "./programs/monitoring.ts";
import { NETWORK } from "./programs/network.ts";
import { PYTHON } from "./programs/python.ts";
import { STORAGE } from "./programs/storage.ts";
import type { RealProgram } from "./real-program.ts";

/** Every real program that is run, on each host in this order. */
export const PROGRAMS: readonly RealProgram[] = [
  ...NETWORK,
  ...STORAGE,
  ...DATA,
  ...MONITORING,
  ...MEDIA,
  ...PYTHON,
];
