import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostOf } from "../../../bench/conformance/declared.ts";
import { entryOf, realImages } from "../../../bench/conformance/images.ts";
import { versionIn } from "../../../bench/conformance/measure.ts";
import { NOT_RUN } from "../../../bench/conformance/not-run.ts";
import { PROGRAMS } from "../../../bench/conformance/programs.ts";
import { RUNS_FILE } from "../../../bench/conformance/record.ts";
import { parseRuns } from "../../../model/conformance-run.ts";
import { isAbout } from "../../../model/image-reference.ts";
import { hostNamed, IMAGE_CONTRACTS, service } from "../../support/fleet.ts";

const RUN_IMAGES = PROGRAMS.map((program) => service(program.service).image);

describe("the real programs", () => {
  it("are of every image, or the list says why not, and never both", () => {
    const wrong = IMAGE_CONTRACTS.map(({ reference }) => reference).filter((reference) => {
      const isRun = RUN_IMAGES.some((image) => isAbout(reference, image));
      return isRun === reference in NOT_RUN;
    });
    expect(wrong).toEqual([]);
  });

  it("are named with a reason for no image that there is not", () => {
    const known = IMAGE_CONTRACTS.map(({ reference }) => reference);
    expect(Object.keys(NOT_RUN).filter((reference) => !known.includes(reference))).toEqual([]);
  });

  it("are of the declared service and image in every run that is kept", async () => {
    const runs = parseRuns(
      await readFile(join(import.meta.dirname, "../../..", RUNS_FILE), "utf8"),
    );
    const wrong = runs.filter((run) => service(run.service).image !== run.image);
    expect(wrong).toEqual([]);
  });

  it("have one image for each reference, and nothing of a stand-in in it", () => {
    const real = realImages(PROGRAMS, (id) => service(id).image);
    for (const [reference, image] of real) {
      const entry = entryOf(reference, image);
      expect(entry.standIn).toBeUndefined();
      expect(JSON.stringify(entry)).not.toContain("standin");
    }
  });
});

describe("a host of a run", () => {
  it("has the named services and what they cannot be without, in the declared order", () => {
    const host = hostOf(hostNamed("docker-vm"), ["vmalert", "homeassistant"]);
    expect(host.services.map(({ name }) => name)).toEqual([
      "mosquitto",
      "homeassistant",
      "victoriametrics",
      "alertmanager",
      "vmalert",
    ]);
  });
});

describe("the version that a program says of itself", () => {
  it.each([
    ["postgres (PostgreSQL) 17.6 (Debian 17.6-0+deb13u1)", "17.6"],
    ["rclone v1.73.2\n- os/version: debian 12.10", "1.73.2"],
    ["qBittorrent v5.1.0", "5.1.0"],
    ["vmalert-v1.137.0", "1.137.0"],
  ])("is found in %j", (said, version) => {
    expect(versionIn(said)).toBe(version);
  });

  it("is missed where there is none", () => {
    expect(() => versionIn("no such option")).toThrow("no such option");
  });
});
