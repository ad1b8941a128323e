import type { Site } from "../../model/site.ts";
import { site } from "./site.ts";

/** A public key as `ssh-keygen` writes one; made up. */
export const PUBLIC_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVwcG9zZSB0aGlzIHdlcmUgYSBrZXkgb2YgbWluZSE admin@laptop";

/** The made-up site with a machine that is rented. */
export const rentedSite: Site = {
  ...site,
  vps: {
    provision: "hcloud",
    serverType: "cx23",
    location: "fsn1",
    loginUser: "linuxuser",
    sshKeys: { laptop: PUBLIC_KEY },
  },
};
