// Every field that is compared of a container, but for its image and its devices, which no container
// can have otherwise that is still the one deployed.
import type { ItemField, WordField } from "../../../hosts/engine/facts.ts";

interface OtherField {
  /** In a reader's words. */
  readonly what: string;
  /** As drift names it. */
  readonly field: string;
  /** Arguments of `docker run` that make it otherwise; without any, something is left out there. */
  readonly args?: string;
  readonly declared: string | null;
  readonly found: string | null;
}

type Field = Exclude<ItemField | WordField, "image" | "devices"> | "environment" | "label";

const BY_FIELD: Readonly<Record<Field, Omit<OtherField, "field"> & { readonly field?: string }>> = {
  user: { what: "user", args: "--user 0:0", declared: "101:101", found: "0:0" },
  hostname: { what: "hostname", args: "--hostname by-hand", declared: "*", found: "by-hand" },
  networks: {
    what: "networks",
    args: "--network media-net --network-alias by-hand",
    declared: "caddy-net",
    found: "media-net, media-net as by-hand",
  },
  ports: {
    what: "ports",
    args: "--publish 8581:8080",
    declared: "127.0.0.1:8580 -> 8080/tcp",
    found: "0.0.0.0:8581 -> 8080/tcp",
  },
  mounts: {
    what: "mounts",
    args: "--volume /srv:/by-hand:ro",
    declared: "bind /run/homelab/boot-permit at /run/homelab/boot-permit, read-only",
    found: "bind /srv at /by-hand, read-only",
  },
  tmpfs: {
    what: "tmpfs",
    args: "--tmpfs /scratch:size=1m",
    declared: null,
    found: "/scratch size=1m",
  },
  extraHosts: {
    what: "names in /etc/hosts",
    args: "--add-host by-hand:192.0.2.1",
    declared: null,
    found: "by-hand:192.0.2.1",
  },
  memory: { what: "memory", args: "--memory 100m", declared: "128 MiB", found: "100 MiB" },
  swap: { what: "swap", args: "--memory-swap 150m", declared: "0 MiB", found: "50 MiB" },
  cpus: { what: "processors", args: "--cpus 0.5", declared: "0.25", found: "0.5" },
  sharedMemory: {
    what: "shared memory",
    args: "--shm-size 32m",
    declared: "64 MiB",
    found: "32 MiB",
  },
  capabilities: {
    what: "capabilities",
    args: "--cap-add CHOWN",
    declared: "-ALL",
    found: "CHOWN",
  },
  securityOptions: {
    what: "security options",
    declared: "no-new-privileges:true",
    found: "label=disable",
  },
  privileged: { what: "all rights", args: "--privileged", declared: "no", found: "yes" },
  readOnlyRoot: { what: "a read-only root", args: "--read-only", declared: "no", found: "yes" },
  groups: { what: "groups", args: "--group-add 44", declared: null, found: "44" },
  init: { what: "an init process", args: "--init", declared: "no", found: "yes" },
  processes: {
    what: "whose processes it sees",
    args: "--pid host",
    declared: "its own",
    found: "the host's",
  },
  restart: {
    what: "restart policy",
    args: "--restart always",
    declared: "on-failure",
    found: "always",
  },
  logs: {
    what: "logs",
    args: "--log-opt max-size=1m --log-opt max-file=3",
    declared: "max-size=5m",
    found: "max-size=1m",
  },
  health: {
    what: "times of its check",
    args: "--health-interval 1s --health-timeout 9s --health-retries 3 --health-start-period 30s --health-start-interval 1s",
    declared: "interval 30 s, timeout 10 s",
    found: "interval 1 s, timeout 9 s",
  },
  stopTime: { what: "time to stop", args: "--stop-timeout 1", declared: "30 s", found: "1 s" },
  // What follows the image; a word that nobody declared may be a secret.
  command: { what: "command", declared: null, found: "***" },
  entrypoint: {
    what: "entrypoint",
    args: "--entrypoint sleep",
    declared: "nginx -c /etc/nginx/page.conf -g daemon off;",
    found: "***",
  },
  healthTest: {
    what: "check",
    args: "--health-cmd true",
    declared: "CMD-SHELL wget -q --spider http://localhost:8080/ || exit 1",
    found: "CMD-SHELL ***",
  },
  environment: {
    what: "environment",
    field: "environment TZ",
    args: "--env TZ=by-hand",
    declared: "***",
    found: "*** (another)",
  },
  label: {
    what: "labels",
    field: "label by-hand",
    args: "--label by-hand=yes",
    declared: null,
    found: "***",
  },
};

/** All of them. */
export const FIELDS: readonly OtherField[] = Object.entries(BY_FIELD).map(([field, other]) => ({
  field,
  ...other,
}));

/**
 * A script that makes a service's container again, of its image and with its labels, with every
 * field otherwise, and notes it as the one that was deployed.
 * @param record where that is noted
 */
export function withOtherFields(service: string, record: string): string {
  return `labels=$(mktemp)
docker inspect --format '{{range $key, $value := .Config.Labels}}{{$key}}={{$value}}{{println}}{{end}}' ${service} > "$labels"
image=$(docker inspect --format '{{.Config.Image}}' ${service})
docker rm --force ${service}
docker run --detach --name ${service} --label-file "$labels" \\
  ${FIELDS.flatMap(({ args }) => args ?? []).join(" \\\n  ")} \\
  "$image" 1d > ${record}
rm "$labels"
until docker ps --filter name=${service} --filter health=healthy --quiet | grep -q .; do sleep 1; done`;
}

/** A row for each. */
export function fieldRows(service: string): string[] {
  return FIELDS.map(
    ({ field, declared, found }) =>
      `container ${service} changed: ${field} ${declared ?? "-"} -> ${found ?? "-"}`,
  );
}

/** What a preview says of each, but for what no test can know. */
export function fieldsInPreview(): string[] {
  return FIELDS.filter(({ declared }) => declared !== "*").map(
    ({ field, declared, found }) =>
      `${field} is ${found ?? "not there"}, declared ${declared ?? "none"}`,
  );
}
