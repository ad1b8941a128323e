import type { Errors } from "./entry.ts";

/** The parts of the control plane, and what a person decides there. */
export const CONTROL_PLANE: Errors = {
  "HL-OBSERVER": {
    meaning:
      "The Observer's settings are missing or have mistakes, or its port is taken. It did not start.",
    remedy: "Correct what the message names in the file that it names, then start it again.",
  },
  "HL-CONTROL-PLANE": {
    meaning:
      "The control plane was turned off, and a container of it holds a port that another service gets back. Nothing was changed.",
    remedy: "Run the command in the message, then deploy again.",
  },
  "HL-CONTROL-PLANE-OFF": {
    meaning: "The site has no control plane, and the command is about what that knows.",
    remedy: "Turn it on as docs/control-plane.md says, or use `npx homelab check` and `drift`.",
  },
  "HL-CONTROL-PLANE-FILES": {
    meaning:
      "What the control plane keeps on the VPS could not be read, is not there yet, or a decision could not be put there.",
    remedy:
      "The VPS's own words are in the message. `npx homelab actions` shows what was decided; the command can be repeated.",
  },
  "HL-UNDECIDED": {
    meaning: "An action was neither approved nor rejected. Nothing was changed.",
    remedy:
      "The reason is in the message; `npx homelab actions` shows what can be decided, and `npx homelab status` whether anybody can tell how things are.",
  },
  "HL-POLICIES": {
    meaning: "A file is no file of policies. Nothing was signed or changed.",
    remedy:
      "The message says where in it; `docs/control-plane.md` has an example of the whole file.",
  },
  "HL-SIGN": {
    meaning: "An order was not signed, so nothing was decided.",
    remedy:
      "ssh-keygen's own words are in the message; name your key with --key or HOMELAB_DESK_KEY.",
  },
  "HL-OPERATOR-UI": {
    meaning:
      "The settings of the control plane's page are missing or have mistakes, a file that they name cannot be used, or its port is taken. It did not start.",
    remedy: "Correct what the message names in the file that it names, then start it again.",
  },
  "HL-ORDER": {
    meaning:
      "A text that should say what a host is to do is not exactly what this program writes. Nothing was done.",
    remedy: "Approve the action again, which writes the text anew, and sign that.",
  },
};
