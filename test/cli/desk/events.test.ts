import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { events } from "../../../cli/desk/events.ts";
import { recordOf } from "../../../control-plane/fold/record.ts";
import { Root } from "../../control-plane/imitated-root.ts";
import { smallHome } from "../../control-plane/supervisor/imitated-home.ts";
import { jsonAnswer } from "../support/json-answer.ts";
import { printed } from "../support/printed.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { deskOf } from "./imitated-vps.ts";

describe("events", () => {
  const stream = "5".repeat(32);
  const at = (second: number) =>
    new Date(Date.parse("2026-11-26T12:00:00.000Z") + second * 1000).toISOString();
  const engine = (container: string, action: "die" | "start", image = "registry/files:1") => ({
    kind: "engine" as const,
    container,
    id: "e".repeat(64),
    action,
    image,
    timeNano: "1",
  });

  function logOf(root: Root): void {
    const folder = join(root.path, "events/2026-11-26");
    mkdirSync(folder, { recursive: true });
    const said = [
      ["nas", engine("files", "die")],
      ["nas", { kind: "alive" as const }],
      ["docker-vm", engine("music", "start")],
      ["nas", { kind: "gap" as const, reason: "plain" }],
    ] as const;
    const lines = said.map(([host, happening], index) =>
      recordOf({
        version: 1,
        sequence: index + 1,
        at: at(index - 3600),
        from: "host",
        host,
        stream,
        number: index + 1,
        time: at(0),
        happening,
      }),
    );
    writeFileSync(join(folder, "000000000001.jsonl"), lines.slice(0, 2).join(""));
    writeFileSync(join(folder, "000000000003.jsonl"), `${lines.slice(2).join("")}{"sum":"torn`);
  }

  async function shown(change: object): Promise<string[]> {
    const root = new Root(smallHome());
    const desk = deskOf(root);
    root.observe();
    logOf(root);
    const run = await printed(() => events(desk, { limit: 50, json: true, ...change }));
    const rows = await jsonAnswer<{ sequence: number }[]>(["events"], run.stdout);
    return rows.map(({ sequence }) => String(sequence));
  }

  it("come newest last, without signs of life, and those that were asked for", async () => {
    expect(await shown({})).toEqual(["1", "3", "4"]);
    expect(await shown({ host: "nas" })).toEqual(["1", "4"]);
    expect(await shown({ service: "files" })).toEqual(["1"]);
    expect(await shown({ limit: 2 })).toEqual(["3", "4"]);
    expect(await shown({ sinceSeconds: 3598 })).toEqual(["3", "4"]);
  });

  it("are refused where a word makes no sense", async () => {
    for (const words of [
      ["--since", "soon"],
      ["--limit", "0"],
      ["--host", "laptop"],
    ]) {
      expect((await runHomelab(["events", ...words])).stderr).toContain("HL-USAGE");
    }
  });
});
