import type { Errors } from "./entry.ts";

/** Copies of data, putting them back, and databases of another version. */
export const DATA: Errors = {
  "HL-VERIFY": {
    meaning: "A backup could not be restored, so nothing is known about it.",
    remedy: "The reason is in the message; repeat the command when it is mended.",
  },
  "HL-RESTORE": {
    meaning:
      "A service's data was not put back from its backup. Data and containers are as they were.",
    remedy: "The reason is in the message; mend it and repeat the command.",
  },
  "HL-RESTORE-LOST": {
    meaning:
      "The connection to the host was lost while data was put back from a backup. The host ends that by itself, and does all of it or nothing.",
    remedy: "Look with the command in the message which it was; repeat the command if nothing was.",
  },
  "HL-RESTORE-PART": {
    meaning:
      "A whole host was not put back to its end. What was put back stays, and some of its containers are stopped.",
    remedy: "Mend what the message names and repeat the command: it goes on with what is missing.",
  },
  "HL-RESTORE-START": {
    meaning:
      "The data was put back from the backup, but a container that was stopped for it could not be started again.",
    remedy: "Start it with the command in the message; the engine's reason is there too.",
  },
  "HL-CONVERT": {
    meaning:
      "A database was not brought into the form of another version. It and who uses it are as they were.",
    remedy: "The reason is in the message; mend it and repeat the command.",
  },
  "HL-CONVERT-LOST": {
    meaning:
      "The connection to the host was lost while a database was converted. The host ends that by itself, and does all of it or nothing.",
    remedy: "Look with the command in the message which it was; repeat the command if nothing was.",
  },
};
