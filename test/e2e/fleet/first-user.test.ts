import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FIRST_USER_FILE } from "../../../model/first-user.ts";
import { containerIds, on, openLab, preview, up, type Lab } from "../support/lab.ts";
import { plannedChanges } from "../support/planned-changes.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => setAdmin("admin"));

/** Writes it into the stack file of the sandbox's own project. */
async function setAdmin(name: string): Promise<void> {
  const args = ["config", "set", "--path", "homelab:site.adminUser", name, "--stack", "vps"];
  await execa("pulumi", [...args, "--non-interactive"], { env: lab.env, cwd: "/" });
}

describe("another site.adminUser than the VPS was deployed with", () => {
  it("is refused by preview and up with what a person has to do, and touches nothing", async () => {
    const before = await containerIds(lab, "vps");
    await setAdmin("ana");
    for (const { code, output } of [await preview(lab, "vps"), await up(lab, "vps")]) {
      expect(code).not.toBe(0);
      expect(output).toContain('was deployed with "admin"');
      expect(output).toContain("headscale users rename --name admin --new-name ana");
    }
    expect(await containerIds(lab, "vps")).toEqual(before);
    expect(await on(lab, "vps", `cat ${FIRST_USER_FILE}`)).toBe("admin");
  });

  it("is no matter any more when the former is back", async () => {
    await setAdmin("admin");
    expect(await plannedChanges(lab, "vps")).toEqual([]);
  });
});
