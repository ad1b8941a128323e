import { OTHER_SERVICE_KEYS } from "../schema/other-keys.ts";
import { isBytes } from "../../model/units.ts";
import { sizeOf } from "../schema/units.ts";
import type { Printable } from "../write/code.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";

/** Says what of a service a declaration has nothing for. */
export function tellTheRest(service: ComposeService, { findings, house }: Context): void {
  const { fields, others, place } = service;
  for (const { key, place: at } of others) {
    findings.dropped(at, OTHER_SERVICE_KEYS[key] ?? "nothing here reads it");
  }
  const { restart, deploy, scale } = fields;
  if (restart !== undefined) {
    findings.changed(
      place("restart"),
      `"${restart}": started again after a crash; at boot the host starts everything in order`,
    );
  }
  if ((deploy?.replicas ?? scale ?? 1) !== 1) {
    findings.dropped(
      place(deploy?.replicas === undefined ? "scale" : "deploy"),
      "a service is one container",
    );
  }
  const unread = Object.keys(deploy ?? {}).filter(
    (key) => !["resources", "replicas", "restart_policy"].includes(key) && !key.startsWith("x-"),
  );
  if (unread.length > 0) {
    findings.dropped(place("deploy"), `${unread.join(", ")}: there is no swarm`);
  }
  const reserved = (deploy?.resources ?? {}) as { reservations?: unknown };
  if (reserved.reservations !== undefined) {
    findings.dropped(place("deploy", "resources", "reservations"), OTHER_RESERVED);
  }
  if (fields.pid !== undefined && fields.pid !== "host") {
    findings.dropped(place("pid"), "the processes of another container are not shared");
  }
  const labels = Object.keys(fields.labels ?? {}).filter(
    (key) => !/^(traefik|homepage)\./.test(key),
  );
  if (labels.length > 0) {
    findings.dropped(
      place("labels"),
      `${labels.join(", ")}: labels on ${house.host} are the program's own`,
    );
  }
}

const OTHER_RESERVED =
  "memory has one limit; a graphics device is passed in by its path (/dev/dri), and no other one";

/** Size and number of log files, where the service says them. */
export function translateLogs(service: ComposeService, { findings }: Context): Printable {
  const { logging } = service.fields;
  if (!logging) return undefined;
  const driver = logging.driver ?? "json-file";
  if (driver !== "json-file" && driver !== "local") {
    findings.dropped(
      service.place("logging"),
      `the driver ${driver}: logs are files of the engine, rotated`,
    );
    return undefined;
  }
  const size = sizeOf(logging.options?.["max-size"] ?? "");
  const count = Number(logging.options?.["max-file"] ?? 3);
  return size !== undefined && isBytes(size) && size !== "0MiB"
    ? { maxSize: size, maxFiles: Number.isInteger(count) && count > 0 ? count : 3 }
    : undefined;
}
