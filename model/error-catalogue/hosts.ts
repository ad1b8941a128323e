import type { Errors } from "./entry.ts";

/** A host that cannot be reached, is not ready, or refuses what it was asked. */
export const HOSTS: Errors = {
  "HL-UNREACHABLE": {
    meaning: "ssh could not connect within 10 seconds. Nothing was changed on that host.",
    remedy:
      "Check that it is on and that `ssh <host> true` works; the other hosts can be deployed.",
  },
  "HL-MACHINE-AWAITED": {
    meaning:
      "The VPS's machine was rented, but the ssh alias does not reach it: the first deployment ends here. Later it means that the machine is off or cut off.",
    remedy:
      "Let the alias lead to the address in the message and trust its host key, as the message says; then repeat the command.",
  },
  "HL-MACHINE-OTHER": {
    meaning:
      "The ssh alias leads to another machine than the rented one. Nothing was changed on either.",
    remedy: "Let the alias lead to the address in the message; then repeat the command.",
  },
  "HL-MACHINE-SETUP": {
    meaning: "The rented machine's first boot did not end well, or not within ten minutes.",
    remedy: "ssh <host> cloud-init status --long; mend it there, then repeat the command.",
  },
  "HL-HOST-SLOW": {
    meaning: "The host was reached, but did not finish in time.",
    remedy: "Look at its load and its disks, then repeat the command.",
  },
  "HL-LOGIN": {
    meaning:
      "The host was reached, but its login prints something when a command is run there, which garbles what Docker says over the same connection. Nothing was changed there.",
    remedy:
      "Find the line in the message in root's ~/.bashrc on the host and print it in interactive shells only; `ssh <host> true` has to print nothing.",
  },
  "HL-SSH-CONFIG": {
    meaning:
      "HOMELAB_SSH_CONFIG names no configuration that can be used: it is not there, ssh would read its path otherwise, or the one with shared connections cannot be written beside it.",
    remedy:
      "Name a file that is there, in a folder that you can write to, or unset HOMELAB_SSH_CONFIG.",
  },
  "HL-SCRATCH": {
    meaning:
      "The folder in which a deployment keeps its scripts while it runs, on the computer that deploys, belongs to somebody else or cannot be made. Nothing was changed.",
    remedy: "Remove the folder that is named, or set TMPDIR to a folder of yours.",
  },
  "HL-ENGINE": {
    meaning: "The host was reached, but its Docker does not answer.",
    remedy: "ssh <host> systemctl status docker",
  },
  "HL-MAINTENANCE": {
    meaning:
      "The file that announces maintenance could not be written, removed or read on the host.",
    remedy: "Look at what the message quotes, e.g. a full or read-only disk.",
  },
  "HL-MESH-TAILNET": {
    meaning: "The mesh is a tailnet, whose members Tailscale's own console lists and invites.",
    remedy: "Use the admin console and the app with your account (docs/tailnet.md).",
  },
  "HL-MESH-NAME": {
    meaning: "A device of that name is a member of the mesh. No key was made.",
    remedy: "Take another name; or delete the member that is gone for good, as the message says.",
  },
  "HL-HEADSCALE": {
    meaning: "Headscale refused what was asked of it, or does not run.",
    remedy: "Look at what the message quotes; `npx homelab why headscale` says how it is.",
  },
};
