import { describe, expect, it } from "vitest";
import { driftText } from "../../../cli/drift/text.ts";
import type { InspectedContainer } from "../../../hosts/engine/inspect.ts";
import { driftReport } from "../../../deploy/drift/rows.ts";
import { changedContainer, container, driftOf } from "./changed-host.ts";

describe("a value that may be a secret, in every form of the output,", () => {
  const SECRET = "canary-hunter2";

  it.each<[string, (seen: InspectedContainer) => void, string, string | null, string | null]>([
    [
      "in a variable that is declared otherwise",
      ({ Config }) => (Config.Env = Config.Env?.map((it) => it.replace("Etc/UTC", SECRET)) ?? []),
      "environment TZ",
      "***",
      "*** (another)",
    ],
    [
      "in a variable that is not declared",
      ({ Config }) => Config.Env?.push(`PASSWORD=${SECRET}`),
      "environment PASSWORD",
      null,
      "***",
    ],
    [
      "on a command line",
      ({ Config }) => Config.Cmd?.push(`--password=${SECRET}`),
      "command",
      "postgres -c fsync=on",
      "postgres -c fsync=on ***",
    ],
    [
      "in an entrypoint",
      ({ Config }) => Config.Entrypoint?.push(SECRET),
      "entrypoint",
      "/entry",
      "/entry ***",
    ],
    [
      "in a health check",
      ({ Config }) => Config.Healthcheck?.Test?.push(SECRET),
      "healthTest",
      "CMD pg_isready",
      "CMD pg_isready ***",
    ],
    [
      "in a label of somebody else's",
      ({ Config }) => Object.assign(Config.Labels ?? {}, { token: SECRET }),
      "label token",
      null,
      "***",
    ],
    [
      "in an option of the logs",
      ({ HostConfig }) => Object.assign(HostConfig.LogConfig.Config ?? {}, { token: SECRET }),
      "logs",
      null,
      "token=***",
    ],
  ])("%s is masked", (_, change, field, declared, found) => {
    const report = driftOf(({ containers: [first] }) => {
      if (first) change(first);
    });
    expect(report.rows).toEqual([{ host: "docker-vm", ...container, field, declared, found }]);
    expect(JSON.stringify(report)).not.toContain(SECRET);
    expect(driftText(driftReport([report]))).not.toContain(SECRET);
  });

  it("has a row when a declared variable is gone", () => {
    expect(changedContainer(({ Config }) => Config.Env?.splice(0, 1))).toEqual([
      { ...container, field: "environment TZ", declared: "***", found: null },
    ]);
  });

  it("has a row when the fingerprint of the files is gone, and shows none", () => {
    const rows = changedContainer(({ Config }) => delete Config.Labels?.["homelab.files"]);
    expect(rows).toEqual([
      { ...container, field: "label homelab.files", declared: "***", found: null },
    ]);
  });
});
