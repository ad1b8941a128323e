import type { Receipt } from "../../../deploy/staged/receipt.ts";

/** A digest that can be told from others by one character. */
export function digest(character: string): string {
  return `sha256:${character.repeat(64)}`;
}

/** A receipt of the NAS, of the day of a month, with images by service. */
export function receiptOf(
  day: number,
  images: Readonly<Record<string, string>>,
  commit = `${day}`.repeat(20),
): Receipt {
  const began = `2026-03-${String(day).padStart(2, "0")}T10:00:00.000Z`;
  return {
    version: 1,
    id: `run-${day}`,
    host: "nas",
    commit,
    planDigest: Object.values(images).join(" "),
    only: null,
    began,
    by: "ana@laptop",
    ended: began,
    durations: {},
    services: Object.fromEntries(
      Object.entries(images).map(([name, image]) => [name, { image, spec: "spec" }]),
    ),
  };
}
