import type { Errors } from "./entry.ts";

/** The sandbox and its images. */
export const SANDBOX: Errors = {
  "HL-IMAGES-PUSH": {
    meaning: "The sandbox's registry did not take an image.",
    remedy: "Its answer is in the message; `npx homelab sandbox status` says whether it runs.",
  },
  "HL-IMAGES-ROOT": {
    meaning: "Building the sandbox's images needs root.",
    remedy: "Run the command with sudo.",
  },
  "HL-IMAGES-TOOLS": {
    meaning: "Programs that build the sandbox's images are missing.",
    remedy: "Install the packages that the message names.",
  },
  "HL-SANDBOX-BOOT": {
    meaning: "A machine of the sandbox did not get ready in time.",
    remedy: "Read its console, whose file the message names.",
  },
  "HL-SANDBOX-BUSY": {
    meaning: "Another process is bringing this sandbox up or down.",
    remedy: "Wait for it to end.",
  },
  "HL-SANDBOX-COMMAND": {
    meaning: "A program that the sandbox needs failed on this computer.",
    remedy: "Its last words are in the message.",
  },
  "HL-SANDBOX-DEPLOY": {
    meaning: "`pulumi up` of a stack failed in the sandbox.",
    remedy: "Its last words are in the message; all that Pulumi printed stands above.",
  },
  "HL-SANDBOX-DOWN": {
    meaning: "The command needs the sandbox, which is not up.",
    remedy: "npx homelab sandbox up",
  },
  "HL-SANDBOX-EXPORTS": {
    meaning:
      "The NAS of the sandbox could not change how it treats its exports, or nobody mounts them.",
    remedy: "Its answer is in the message; `npx homelab sandbox status` says how it is.",
  },
  "HL-SANDBOX-FOLDER": {
    meaning: "HOMELAB_SANDBOX names a folder that cannot hold a sandbox.",
    remedy: "Choose a short path of plain characters.",
  },
  "HL-SANDBOX-KILL": {
    meaning: "Processes of a machine did not end.",
    remedy: "Run `npx homelab sandbox down` again.",
  },
  "HL-SANDBOX-MACHINE": {
    meaning: "The sandbox has no machine of that name.",
    remedy: "The machines are vps, nas and docker-vm.",
  },
  "HL-SANDBOX-NETWORK": {
    meaning: "The sandbox's network is in use, or HOMELAB_SANDBOX_NET is not a network for it.",
    remedy: "Set HOMELAB_SANDBOX_NET to a free one, e.g. 198.18.78.",
  },
  "HL-SANDBOX-OFF": {
    meaning: "The machine is off.",
    remedy: "npx homelab sandbox up",
  },
  "HL-SANDBOX-POWER": {
    meaning: "A machine that was switched off is still on.",
    remedy: "Read supervisor.log in the sandbox's folder.",
  },
  "HL-SANDBOX-REGISTRY": {
    meaning: "The sandbox's registry does not answer.",
    remedy: "Read its log, which the message names, or run `npx homelab sandbox up`.",
  },
  "HL-SANDBOX-ROOT": {
    meaning: "The sandbox needs root, or the root file system of its machines.",
    remedy: "Run the command with sudo; if the cache is gone, take the sandbox down and up again.",
  },
  "HL-SANDBOX-SOURCES": {
    meaning: "apt on this computer has no package source for its own release.",
    remedy: "Add one below /etc/apt and run apt-get update.",
  },
  "HL-SANDBOX-SYSTEM": {
    meaning: "The sandbox runs on Debian and Ubuntu, and this is neither.",
    remedy: "Use a virtual machine with one of them.",
  },
};
