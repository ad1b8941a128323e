import { counted } from "../../../model/counted.ts";

/** The images that run. */
export const IMAGES = {
  says: "Images of all containers that were looked at. Whether there is a newer one, and whether its cool-down is over, no part of the control plane knows: run this at your desk.",
  command: "npx homelab images outdated",
  imageLabel: "Image",
  byLabel: "Has it",
  digestLabel: "Digest",
  seenLabel: "Last seen",
  none: "No container was looked at yet.",
  unpinned: "not pinned",
  several: (count: number) => counted(count, "digest"),
};
