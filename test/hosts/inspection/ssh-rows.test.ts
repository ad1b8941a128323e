import { describe, expect, it } from "vitest";
import { sshRows } from "../../../hosts/inspection/ssh-rows.ts";

describe("the checklist of ssh", () => {
  it("says nothing of sshd's limits while they are its own, higher, or not to be seen", () => {
    for (const sshd of ["maxstartups 10:30:100 maxsessions 10", "maxsessions 64", ""]) {
      expect(sshRows("nas", { greeting: "", sshd }).map(({ state }) => state)).toEqual(["ok"]);
    }
  });

  it.each([
    [
      "maxstartups 10:30:100 maxsessions 2",
      "sshd MaxSessions",
      "2, below sshd's own default of 10",
    ],
    ["maxstartups 3:50:10 maxsessions 10", "sshd MaxStartups", "3:50:10, below"],
  ])("calls %j a failure and says what to remove", (sshd, check, seen) => {
    const row = sshRows("nas", { greeting: "", sshd }).find((one) => one.check === check);
    expect(row).toMatchObject({ state: "failure", seen: expect.stringContaining(seen) as string });
    expect(row?.remedy).toContain("/etc/ssh/sshd_config");
  });

  it("names the line that a login prints, and where it may come from", () => {
    const [row] = sshRows("nas", { greeting: "Welcome to nas", sshd: "" });
    expect(row?.state).toBe("failure");
    expect(row?.seen).toContain('"Welcome to nas"');
    expect(row?.remedy).toContain(".bashrc");
  });
});
