import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HostError } from "../../../model/errors.ts";
import { Outbox } from "../../../deploy/staged/outbox.ts";
import { placesBelow } from "../../../deploy/staged/places.ts";
import {
  bringUnsent,
  settleUnsent,
  unsentFolder,
  unsentIn,
  worthKeeping,
} from "../../../deploy/staged/unsent.ts";
import { localHost } from "./local-host.ts";

const PLACES = placesBelow("/opt/homelab");
const LOG = `${PLACES.logs}/deploy_20261127_070000.log`;
const RECEIPT = `${PLACES.receipts}/20261127_070000.json`;

function folder(): string {
  return join(mkdtempSync(join(tmpdir(), "homelab-unsent-")), "unsent/nas");
}

describe("what a run could not bring to its host", () => {
  it("lies where the user's programs keep their state, a folder for each host", () => {
    expect(unsentFolder("home.example", "nas", { HOME: "/home/ann" })).toBe(
      "/home/ann/.local/state/homelab/unsent/home.example/nas",
    );
    expect(
      unsentFolder("home.example", "vps", { HOME: "/home/ann", XDG_STATE_HOME: "/state" }),
    ).toBe("/state/homelab/unsent/home.example/vps");
  });

  it("is its log, its findings and its receipt, and no marker of the host's last run", () => {
    const left = new Map([
      [LOG, "log"],
      [PLACES.currentStage, "deploy\n"],
      [PLACES.complete("validate"), "{}"],
      [PLACES.lastService, "samba\n"],
      [PLACES.run, "{}"],
      [RECEIPT, "{}"],
    ]);
    expect([...worthKeeping(left, PLACES).keys()]).toEqual([LOG, RECEIPT]);
  });

  it("is read again as it was, by its user alone, and a file of somebody else's is passed over", async () => {
    const place = folder();
    const files = new Map([
      [LOG, "a line\n'quoted' ü\n"],
      [RECEIPT, '{"a": 1}\n'],
    ]);
    await settleUnsent(place, files);
    writeFileSync(join(place, "note.json"), "not ours");
    expect(await unsentIn(place)).toEqual(files);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(place).filter((one) => one !== "note.json"))
      expect(statSync(join(place, name)).mode & 0o777).toBe(0o600);
  });

  it("is gone from here when the host has it", async () => {
    const place = folder();
    await settleUnsent(place, new Map([[LOG, "log"]]));
    await settleUnsent(place, new Map());
    expect(readdirSync(place)).toEqual([]);
    expect(await unsentIn(folder())).toEqual(new Map());
  });

  it("hides no run from its host by what cannot be read beside it, and leaves that as it is", async () => {
    const place = folder();
    await settleUnsent(place, new Map([[LOG, "log"]]));
    mkdirSync(join(place, "older.json"));
    writeFileSync(join(place, "note.json"), "not ours");
    expect(await unsentIn(place)).toEqual(new Map([[LOG, "log"]]));
    await settleUnsent(place, new Map());
    expect(readdirSync(place).sort()).toEqual(["note.json", "older.json"]);
  });

  it("is brought by itself, and what its host has no place for stays here and stops nothing", async () => {
    const { folder: there, places, shell } = localHost();
    const host = { host: "nas", shell, again: "npx homelab deploy nas" };
    const log = `${places.logs}/deploy_20261127_070000.log`;
    expect(await bringUnsent(new Map([[log, "log"]]), host)).toEqual(new Map());
    expect(readFileSync(log, "utf8")).toBe("log");
    writeFileSync(join(there, "gone"), "a file where that run had a folder");
    const placeless = new Map([[join(there, "gone/logs/deploy_20261127_060000.log"), "log"]]);
    expect(await bringUnsent(placeless, host)).toEqual(placeless);
    const away = () => Promise.reject(new HostError("HL-UNREACHABLE", "nas", "away"));
    expect(await bringUnsent(placeless, { ...host, shell: away })).toEqual(placeless);
  });

  it("is what an outbox still has when it is closed, the newest text of each", async () => {
    const { places, shell } = localHost();
    let isAway = false;
    const sometimes = (script: string) => {
      if (isAway) throw new HostError("HL-UNREACHABLE", "nas", "away");
      return shell(script);
    };
    const outbox = new Outbox("nas", sometimes, "", "npx homelab deploy nas --resume");
    outbox.put(`${places.logs}/log`, "one");
    await outbox.flush();
    isAway = true;
    outbox.put(`${places.logs}/log`, "one, two");
    await expect(outbox.flush()).rejects.toThrow("away");
    outbox.put(`${places.logs}/log`, "one, two, three");
    expect(await outbox.close()).toEqual(new Map([[`${places.logs}/log`, "one, two, three"]]));
  });
});
