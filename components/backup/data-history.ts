import { dataRecord } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";

/*
 * The record of a service's data on its host, oldest line first:
 *   image <seconds> <image>               from then on this image, with its digest, may write it
 *   copy <seconds> <sidecar> <snapshot>   begun then, and kept, before the image of the next line
 *   restored <seconds> <image>            what this image had written was put back
 * Seconds are those since 1970.
 */

/**
 * Shell that notes, once a snapshot was put back and before anybody is started, which image had
 * written what is there now. Without a record there is nothing to say.
 * @param services whose data it is
 * @param snapshot short id
 * @param made when the snapshot was made, which tells where no record names it
 */
export function noteRestored(services: readonly string[], snapshot: string, made: Date): string {
  const seconds = Math.floor(made.getTime() / 1000);
  return services
    .map((service) => {
      const record = quote(dataRecord(service));
      return `if [ -f ${record} ]; then
  image=$(awk -v snapshot=${quote(snapshot)} -v made=${seconds} '
    $1 == "copy" { if ($4 == snapshot) named = last; next }
    { last = $3; if ($2 <= made) dated = $3 }
    END { print named ? named : dated }' ${record})
  [ -z "$image" ] || echo "restored $(date +%s) $image" >>${record}
fi
`;
    })
    .join("");
}
