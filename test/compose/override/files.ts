import type { OverrideFile, OverrideFiles } from "../../../model/override-files.ts";

/** A file in a service's folder. */
export function fileOf(
  service: string,
  text: string,
  name = "docker-compose.override.yml",
): OverrideFile {
  return { service, name, text, unread: undefined };
}

/** The override of one service, on a machine of 8 GiB with 4 processors. */
export function overrideOf(service: string, text: string, env?: string): OverrideFiles {
  const files = [
    fileOf(service, text),
    ...(env === undefined ? [] : [fileOf(service, env, ".env")]),
  ];
  return { files, memory: 8192, cpus: 4 };
}

/** A file that says this of Grafana, e.g. "mem_limit: 1g". */
export function ofGrafana(...lines: readonly string[]): string {
  return `services:\n  grafana:\n${lines.map((line) => `    ${line}\n`).join("")}`;
}
