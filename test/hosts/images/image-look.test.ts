import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { imageLook, imagesIn, PULL_RECORD } from "../../../hosts/images/image-look.ts";
import { parseObservation } from "../../../hosts/observation.ts";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

/** Says what docker says of an image with two names and of one that is not there. */
const DOCKER = `#!/bin/sh
echo "$@" > "$0.asked"
echo "image sha256:1 redis@${digest("a")}"
echo "image sha256:1 mirror.example/redis@${digest("b")}"
echo
echo "Error: No such image: caddy" >&2
exit 1
`;

describe("the look at a host's images", () => {
  it("tells the digests of those that are there under each name, and the last pull", async () => {
    const folder = mkdtempSync(join(tmpdir(), "homelab-image-look-"));
    writeFileSync(join(folder, "docker"), DOCKER);
    chmodSync(join(folder, "docker"), 0o755);
    writeFileSync(join(folder, "record"), "written-7\n");
    const wanted = ["docker.io/library/redis:7", "docker.io/library/caddy:2"];
    const look = imageLook(wanted.map((name) => `${name}@${digest("a")}`));
    const input = `${look.replaceAll(PULL_RECORD, join(folder, "record"))}wait\n`;
    const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
    const { stdout } = await execa("sh", ["-s"], { input, env });
    expect(parseObservation(stdout).images).toEqual({
      digests: [digest("a"), digest("b")],
      token: "written-7",
    });
  });

  it("takes no other line for one of an image, and knows of no pull before the first", () => {
    expect(imagesIn(["gate images 1", "image sha256:1 redis", ""])).toEqual({
      digests: [],
      token: undefined,
    });
  });
});
