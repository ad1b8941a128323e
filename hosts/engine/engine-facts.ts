import { quote } from "../../model/shell-text.ts";
import {
  factsIn,
  factTemplate,
  type InspectedContainer,
  type InspectedImage,
  type InspectedNetwork,
  type InspectedVolume,
} from "./inspect.ts";

/** What an engine says of everything that it has. */
export interface EngineFacts {
  readonly containers: readonly InspectedContainer[];
  /** The images that the containers were made from. */
  readonly images: readonly InspectedImage[];
  readonly networks: readonly InspectedNetwork[];
  readonly volumes: readonly InspectedVolume[];
}

/**
 * A script that prints what the engine says of its containers, the images that they were made from,
 * its networks and volumes, one line of JSON each, and nothing where it does not answer.
 */
export function engineFacts(): string {
  const format = (kind: Parameters<typeof factTemplate>[0]): string => quote(factTemplate(kind));
  // What goes away between a list and the look at it is as good as gone.
  return `{
containers=$(docker ps --all --quiet --no-trunc)
[ -z "$containers" ] || {
  docker container inspect --format ${format("container")} $containers
  docker container inspect --format '{{.Image}}' $containers | sort -u |
    xargs -r docker image inspect --format ${format("image")}
}
docker network ls --quiet --no-trunc | xargs -r docker network inspect --format ${format("network")}
docker volume ls --quiet | xargs -r docker volume inspect --format ${format("volume")}
} 2>/dev/null
`;
}

/**
 * Reads what the script printed.
 * @throws UnreadableFact
 */
export function engineFactsIn(lines: readonly string[]): EngineFacts {
  return {
    containers: factsIn("container", lines),
    images: factsIn("image", lines),
    networks: factsIn("network", lines),
    volumes: factsIn("volume", lines),
  };
}
