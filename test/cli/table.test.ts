import { describe, expect, it } from "vitest";
import { table } from "../../cli/table.ts";
import { counted } from "../../model/counted.ts";

describe("a table", () => {
  it("aligns its columns, keeps lines of a cell together and leaves no spaces at line ends", () => {
    expect(
      table(
        ["host", "seen"],
        [
          ["nas", "closed\n-> open it"],
          ["docker-vm", ""],
        ],
      ),
    ).toBe("HOST       SEEN\nnas        closed\n           -> open it\ndocker-vm\n");
  });

  it("counts in words", () => {
    expect([counted(1, "host"), counted(2, "host")]).toEqual(["1 host", "2 hosts"]);
  });
});
