import type { Errors } from "./entry.ts";

/** Containers and Compose files that somebody has already. */
export const TAKING_OVER: Errors = {
  "HL-ADOPT": {
    meaning: "A container that was made by hand could not be stopped or removed.",
    remedy: "The engine's reason is in the message; mend it and repeat the command.",
  },
  "HL-ADOPT-DATA": {
    meaning:
      "The container keeps data at a place that the declared service has elsewhere, so that the service would start without it. Nothing was changed.",
    remedy: "Repeat with the --volume options in the message, or with --leave-data to start empty.",
  },
  "HL-ADOPT-COPY": {
    meaning:
      "A container's data could not be copied, or the copy was not the same. The container was started again, and its data is as it was.",
    remedy: "The reason is in the message; mend it and repeat the command.",
  },
  "HL-ADOPT-OURS": {
    meaning: "The container was deployed from here, so there is nothing to adopt.",
    remedy: "Change its declaration and deploy; when Pulumi's state is lost, repeat with --ours.",
  },
  "HL-IMPORT": {
    meaning:
      "A Compose file, or a file that it names, has mistakes, so that no plan can be made of it. Nothing was written.",
    remedy: "Correct each place that is listed; `docker compose config` looks at the same file.",
  },
  "HL-IMPORT-EXISTS": {
    meaning: "A file that an import would write is there already. Nothing was written.",
    remedy: "Choose another --name or --domain, or repeat with --force to replace the files.",
  },
};
