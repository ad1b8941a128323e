import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ERRORS, errorsPage } from "../../model/error-catalogue.ts";
import { CHECKOUT, TOP_ROOMS } from "../support/rooms.ts";

const CATALOGUE = join(CHECKOUT, "model/error-catalogue");

/** Every code that a source file outside the catalogue names. */
function codesInUse(): Set<string> {
  const codes = new Set<string>();
  const read = (path: string): void => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found || path === CATALOGUE) return;
    if (found.isDirectory()) {
      for (const name of readdirSync(path)) read(join(path, name));
    } else if (path.endsWith(".ts")) {
      for (const [, code = ""] of readFileSync(path, "utf8").matchAll(/"(HL-[A-Z-]+)"/g)) {
        codes.add(code);
      }
    }
  };
  for (const source of TOP_ROOMS) read(join(CHECKOUT, source));
  return codes;
}

describe("the error catalogue", () => {
  it("explains every code that the source uses", () => {
    const unexplained = [...codesInUse()].filter((code) => !Object.hasOwn(ERRORS, code));
    expect(unexplained).toEqual([]);
  });

  it("has no code that nothing uses", () => {
    const used = codesInUse();
    expect(Object.keys(ERRORS).filter((code) => !used.has(code))).toEqual([]);
  });

  it("has each code in one file alone, so that no entry hides another", () => {
    const codes = readdirSync(CATALOGUE).flatMap((name) =>
      [...readFileSync(join(CATALOGUE, name), "utf8").matchAll(/^ {2}"(HL-[A-Z-]+)": \{$/gm)].map(
        ([, code = ""]) => code,
      ),
    );
    expect(codes.sort()).toEqual(Object.keys(ERRORS).sort());
  });

  it("is what docs/reference/errors.md says", async () => {
    await expect(errorsPage()).toMatchFileSnapshot(join(CHECKOUT, "docs/reference/errors.md"));
  });
});
