import type { Errors } from "./entry.ts";

/** Pulumi, its state, secrets, and what is written into the checkout. */
export const SECRETS: Errors = {
  "HL-PULUMI": {
    meaning: "The Pulumi CLI is missing, or one of its commands failed.",
    remedy: "Pulumi's own words are in the message.",
  },
  "HL-BACKEND": {
    meaning: "Nothing says where Pulumi keeps its state.",
    remedy:
      "Set PULUMI_BACKEND_URL, the same on every machine; see docs/adr/0004-state-and-secrets.md.",
  },
  "HL-PASSPHRASE": {
    meaning: "The passphrase that encrypts the secrets is not set, or its file does not exist.",
    remedy: "Set PULUMI_CONFIG_PASSPHRASE_FILE to a file that only you can read.",
  },
  "HL-SECRETS-ELSEWHERE": {
    meaning:
      "A stack was deployed with secrets that its stack file here lacks. New ones would change every password of what runs. Nothing was written.",
    remedy: "Fetch them: pulumi config refresh -s <stack>.",
  },
  "HL-ADMIN-USER": {
    meaning:
      "homelab:site.adminUser is another than the host was deployed with, and programs there keep the former user among their own data. Nothing was changed.",
    remedy: "Follow the steps in the message, or put the former name back.",
  },
  "HL-SECRET-PERSON": {
    meaning: "The secret is somebody else's to make (a camera's password, a provider's token).",
    remedy: "Follow the steps in the message; none of the commands shows the value.",
  },
  "HL-HALF-CHANGED": {
    meaning:
      "A change of several files failed, and some of them could not be put back as they were. Each is whole.",
    remedy: "Make room on the disk, then take the earlier version from git, or repeat the command.",
  },
  "HL-SECRET-MISSING": {
    meaning:
      "The secret that is to be rotated is not in the stack file of every stack that shares it. Nothing was changed.",
    remedy: "Fetch or make it, as the message says, then repeat the command.",
  },
  "HL-SECRET-BOUND": {
    meaning: "Data was encrypted with the secret, and another value would not open it any more.",
    remedy: "Follow the steps in the message, which change it where the data is.",
  },
  "HL-SECRET-BY-HAND": {
    meaning:
      "A deployment alone does not bring a new value of the secret to where it is used. Nothing was changed.",
    remedy: "Read the steps in the message, repeat with --force, then follow them.",
  },
  "HL-REGISTRY-LOGIN": {
    meaning: "The file in which docker keeps the logins at registries cannot be understood.",
    remedy: "Mend it or move it away; public images need no login.",
  },
  "HL-IMAGE-UPDATE": {
    meaning:
      "A source changed while another version of an image was being written into it. Nothing was written.",
    remedy: "Repeat the command, or change the line by hand.",
  },
};
