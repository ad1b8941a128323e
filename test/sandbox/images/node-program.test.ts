import { execFileSync } from "node:child_process";
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  inImage,
  librariesIn,
  NODE,
  nodePaths,
  nodeProgram,
} from "../../../sandbox/images/node-program.ts";

describe("the Node.js of an image", () => {
  it("runs with the libraries it carries, by its name in the image and in any folder", async () => {
    const program = await nodeProgram();
    const folder = mkdtempSync(join(tmpdir(), "node-"));
    for (const file of program.files) symlinkSync(file, join(folder, basename(file)));
    const start = nodePaths(program).find(({ path }) => path === NODE);
    if (start?.kind !== "file" || !("text" in start.content)) throw new Error("it has a text");
    expect(start.mode).toBe(0o755);
    const inFolder = start.content.text.replaceAll(inImage("").replace(/\/$/, ""), folder);
    writeFileSync(join(folder, "start"), inFolder, { mode: 0o755 });
    const said = execFileSync(join(folder, "start"), [
      "-p",
      "process.version + process.argv.length",
    ]);
    expect(said.toString()).toBe(`${process.version}1\n`);
  });

  it("is loaded by what ldd names without a name of its own, and the kernel's part is no file", () => {
    const { loader, libraries } = librariesIn(
      [
        "\tlinux-vdso.so.1 (0x00007ffd)",
        "\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f08)",
        "\t/lib64/ld-linux-x86-64.so.2 (0x00007f09)",
        "",
      ].join("\n"),
    );
    expect(loader).toBe("/lib64/ld-linux-x86-64.so.2");
    expect(libraries).toEqual(["/lib/x86_64-linux-gnu/libm.so.6"]);
  });

  it("is not built where nobody knows how it is loaded, and says what was seen", () => {
    expect(() => librariesIn("\tstatically linked\n")).toThrow(/no loader .*statically linked/s);
  });
});
