// What may differ without any host being touched.
import { BOOT_RECORD } from "../../../model/paths.ts";
import { HOST, made, type DriftClass } from "./drift-class.ts";

/** Who has the address of the store of copies from the NAS. */
const COPIED = [
  "authelia",
  "caddy",
  "homeassistant",
  "immich",
  "paperless",
  "pihole",
  "vaultwarden",
].map((name) => `${name}-backup`);

/** What differs in the checkout, the config, and the state, and on no host. */
export const ELSEWHERE: readonly DriftClass[] = [
  {
    what: "what a new commit declares of a container",
    seenBy: "both",
    rows: [
      "container bentopdf changed: label homelab.spec * -> *",
      "container bentopdf changed: memory 120 MiB -> 128 MiB",
      `plan ${HOST} changed: digest * -> *`,
    ],
    changes: [...made("bentopdf"), "host-plan"],
  },
  {
    what: "what a new commit changes in a unit or a program of ours",
    seenBy: "preview",
    rows: [],
    changes: [BOOT_RECORD],
  },
  {
    what: "a secret that was changed in the config and not deployed",
    seenBy: "preview",
    rows: [],
    changes: ["pihole-files", ...made("pihole")],
  },
  {
    what: "what another stack hands over",
    seenBy: "preview",
    rows: [],
    changes: COPIED.flatMap((name) => [`${name}-files`, ...made(name)]),
  },
  {
    what: "what is in Pulumi's state and no longer declared",
    seenBy: "preview",
    rows: [],
    changes: ["by-hand"],
  },
];

/** What the tests with an imitated Hetzner and Tailscale try: this host has none of it. */
export const TRIED_ELSEWHERE: readonly DriftClass[] = [
  {
    what: "resources of Tailscale and Hetzner, with `--refresh`",
    seenBy: "preview",
    rows: [],
    changes: ["vps-firewall"],
  },
];
