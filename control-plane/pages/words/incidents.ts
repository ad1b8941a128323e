import { counted } from "../../../model/counted.ts";

/** The incidents. */
export const INCIDENTS = {
  noIncident: "No incident.",
  affected: (count: number) => `${counted(count, "service")} not well because of it`,
  flapping: "It comes and goes; nothing is recommended until it settles.",
  withheld: (why: string) => `Nothing is recommended: ${why}.`,
  noRemedy: "Nobody knows a remedy.",
  remedy: "Recommended",
  newIncident: (cause: string, detail: string) => `New incident: ${cause} ${detail}`,
  incidentOver: (cause: string) => `${cause} is no incident any more`,
  actionIs: (title: string, word: string) => `${title}: ${word}`,
};
