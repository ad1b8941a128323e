import { counted } from "../../model/counted.ts";
import { spanText } from "../times.ts";
import type { PullState } from "./pull-script.ts";

/** Sooner than this, nobody can say how fast a line is. In seconds. */
const SHORTEST_TIME = 3;

/**
 * How far the images of a host are: how many are there, bytes of the layers that are known so far,
 * and about how long the rest of these takes.
 * @param seconds since the pulling began
 */
export function pullText(images: readonly PullState[], seconds: number): string {
  const done = sum(images, "done");
  const total = sum(images, "total");
  const there = images.filter(({ state }) => state === "there").length;
  const failed = images.filter(({ state }) => state === "failed").length;
  const parts = [`${there} of ${counted(images.length, "image")}`];
  if (total > 0) parts.push(`${bytesText(done)} of ${bytesText(total)}`);
  if (failed > 0) parts.push(`${failed} cannot be pulled`);
  if (done > 0 && done < total && seconds >= SHORTEST_TIME) {
    parts.push(`about ${spanText(Math.ceil(((total - done) * seconds) / done))} left`);
  }
  return parts.join(", ");
}

function sum(images: readonly PullState[], of: "done" | "total"): number {
  return images.reduce((all, image) => all + image[of], 0);
}

/** An amount of bytes as registries and engines count them: "340 MB". */
export function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e10 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
