import { contractOf } from "../model/image-catalogue.ts";
import type { ImageContract } from "../model/image-contract.ts";
import { RCLONE_1_73_IMAGE } from "./backup/rclone.image.ts";
import { REST_SERVER_0_14_IMAGE } from "./backup/rest-server.image.ts";
import { RESTIC_0_16_IMAGE } from "./core/restic.image.ts";
import { CADDY_2_8_IMAGE, CADDY_CLOUDFLARE_2_11_IMAGE } from "./networking/caddy.image.ts";
import { DERPER_1_84_IMAGE } from "./networking/derper.image.ts";
import { HEADSCALE_0_28_IMAGE } from "./networking/headscale.image.ts";

/** What every image asks of who runs it. `test/components/images.test.ts` finds one left out. */
export const IMAGE_CONTRACTS: readonly ImageContract[] = [
  RESTIC_0_16_IMAGE,
  REST_SERVER_0_14_IMAGE,
  RCLONE_1_73_IMAGE,
  HEADSCALE_0_28_IMAGE,
  DERPER_1_84_IMAGE,
  CADDY_2_8_IMAGE,
  CADDY_CLOUDFLARE_2_11_IMAGE,
];

/** The contract of an image by its reference, if it has one. */
export function imageContract(reference: string): ImageContract | undefined {
  return contractOf(reference, IMAGE_CONTRACTS);
}
