import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ITEM_FIELDS, WORD_FIELDS } from "../../hosts/engine/facts.ts";
import { CLASSES } from "../e2e/docker-vm/drift-classes.ts";
import { FIELDS } from "../e2e/docker-vm/drift-fields.ts";
import { CHECKOUT } from "../support/rooms.ts";

const SEEN_BY = { both: "both", drift: "`drift` alone", preview: "`preview` alone" } as const;

const page = readFileSync(join(CHECKOUT, "docs/drift.md"), "utf8");
const rows = page.split("## Beside")[1]?.match(/^\| .* \|$/gm) ?? [];

describe("the table of what drift and preview each see", () => {
  it("is the list of what is tried on a real engine", () => {
    const [head, ...classes] = rows;
    expect(head).toBe("| What differs | Seen by |");
    expect(classes).toEqual(CLASSES.map(({ what, seenBy }) => `| ${what} | ${SEEN_BY[seenBy]} |`));
  });

  it("says of each class what each of the two sees of it", () => {
    for (const { what, seenBy, rows: seen, changes, says = [] } of CLASSES) {
      expect(seen.length > 0, what).toBe(seenBy !== "preview");
      if (seenBy === "drift") expect(changes, what).toEqual([]);
      else expect(changes.length + says.length, what).toBeGreaterThan(0);
    }
  });

  it("has every field that is compared of a container", () => {
    const tried = CLASSES.flatMap((one) => one.rows).flatMap(
      (row) => /^container \S+ changed: (\w+)/.exec(row)?.[1] ?? [],
    );
    for (const field of [...ITEM_FIELDS, ...WORD_FIELDS]) expect(tried).toContain(field);
    expect(FIELDS.map(({ field }) => field)).toEqual(
      expect.arrayContaining(["environment TZ", "label by-hand"]),
    );
  });
});
