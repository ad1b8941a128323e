import { counted } from "../../../model/counted.ts";
import type { Difference } from "../../contract/drift.ts";

const kind: Readonly<Record<Difference["kind"] | "unplanned", string>> = {
  plan: "another plan",
  made: "made otherwise",
  image: "another image",
  unplanned: "in no plan",
};

/** What is other than declared. */
export const DRIFT = {
  kind,
  says: "Drift is how a host differs from its declarations, and says nothing of how well it is. Compared are fingerprints and digests: no value of a setting reaches this page. At your desk, homelab drift names the settings.",
  hosts: "Hosts",
  differences: "Differences",
  healthLabel: "Health",
  driftLabel: "Drift",
  comparedLabel: "Compared with the look of",
  kindLabel: "What",
  declaredLabel: "Declared",
  foundLabel: "Found",
  asDeclared: "as declared",
  differs: (count: number) => counted(count, "difference"),
  otherPlan: "its host has another plan",
  nothingToCompare: "nothing to compare",
  unsure: "unknown",
  notCompared: (why: string) => `not compared: ${why}`,
  never: "it was not compared yet",
  silent: "nobody compares now",
  before: "found before that",
  ofHost: "the host's plan",
  nothing: "none",
  otherHands: "made by somebody else",
  none: "Nothing is other than declared, as far as was compared.",
  unknown: "Nobody can tell whether anything is other than declared.",
};
