// Files of the project that change together, on a disk that is full for real. It needs root to have
// such a disk, and no machine of the sandbox.
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { inAllOrNone } from "../../../workspace/secrets/all-or-none.ts";
import { smallDisk, type SmallDisk } from "./small-disk.ts";

const BEFORE = "before ".repeat(2_000);
const AFTER = "after";

let disk: SmallDisk;
let file: string;
beforeAll(() => {
  disk = smallDisk();
});
afterAll(() => disk.unmount());
beforeEach(() => {
  disk.clear();
  file = join(disk.host, "Pulumi.nas.yaml");
  writeFileSync(file, BEFORE);
  chmodSync(file, 0o640);
});

describe("files that change together", () => {
  it("are as they were, with their permissions, when the change fails", async () => {
    const change = inAllOrNone([file], () => {
      writeFileSync(file, AFTER);
      throw new Error("no provider");
    });
    await expect(change).rejects.toThrow("no provider");
    expect(readFileSync(file, "utf8")).toBe(BEFORE);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it("are whole on a disk without room to put them back, and it is said which and why the change failed", async () => {
    const change = inAllOrNone([file], () => {
      writeFileSync(file, AFTER);
      disk.leave(0, "pages");
      throw new Error("no provider");
    });
    await expect(change).rejects.toMatchObject({
      code: "HL-HALF-CHANGED",
      message: expect.stringMatching(
        /^no provider\n.*Pulumi\.nas\.yaml could not .*ENOSPC/,
      ) as string,
    });
    expect(disk.files()).toEqual({ "Pulumi.nas.yaml": AFTER });
  });
});
