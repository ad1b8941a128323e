import { digestIn } from "../../model/image-name.ts";
import { ROOT } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";

/** Record of the last pull of images that were missing: its token. */
export const PULL_RECORD = `${ROOT}/state/images`;

/** What a host says of the images that it was asked for. */
export interface ImagesSeen {
  /** Digests of those that it has. */
  readonly digests: readonly string[];
  /** Token of the last pull; undefined when there was none. */
  readonly token: string | undefined;
}

/**
 * A script that prints "image <id> <repository>@<digest>" for each name of those images that are
 * there, and "pulled <token> last".
 * @param images with their digests, e.g. "docker.io/library/redis:7@sha256:…"
 */
export function imageLook(images: readonly string[]): string {
  const names = images.map(quote).join(" ");
  const format = quote('{{range .RepoDigests}}{{println "image" $.Id .}}{{end}}');
  // A line at a time: what else the host is asked writes at the same time.
  return `[ ! -f ${PULL_RECORD} ] || echo "pulled $(head -n 1 ${PULL_RECORD}) last"
{
  docker image inspect --format ${format} ${names} 2>/dev/null </dev/null |
    while read -r line; do [ -z "$line" ] || echo "$line"; done
} &
`;
}

/** Reads what the script printed, among other lines. */
export function imagesIn(lines: readonly string[]): ImagesSeen {
  const words = lines.map((line) => line.split(" "));
  return {
    digests: words.flatMap(([kind, , name = ""]) => {
      const digest = kind === "image" ? digestIn(name) : undefined;
      return digest === undefined ? [] : [digest];
    }),
    token: words.find(([kind, token]) => kind === "pulled" && token)?.[1],
  };
}
