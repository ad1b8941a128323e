import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { signPolicies, type SignOptions } from "../../../cli/desk/policies.ts";
import { signerOf } from "../../../control-plane/actor/ssh-signature.ts";
import { parsePoliciesText } from "../../../control-plane/contract/signed-policies.ts";
import { disk } from "../../../control-plane/disk/disk.ts";
import { readPolicies } from "../../../control-plane/disk/places.ts";
import { ALLOWED, ANNA } from "../../control-plane/actor/keys.ts";
import { NOON } from "../../control-plane/actor/policies.ts";
import { stopped } from "../../control-plane/imitated-root.ts";
import { printed } from "../support/printed.ts";
import { deskOf } from "./imitated-vps.ts";

const options = (change: Partial<SignOptions> = {}): SignOptions => ({
  key: ANNA,
  days: 90,
  confirmed: () => Promise.resolve(true),
  json: false,
  ...change,
});

/** A file with this in it. */
function fileOf(value: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), "policies-")), "policies.json");
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

const GOOD = { version: 1, timezone: "Europe/Berlin", policies: [NOON] };

describe("signing policies at the desk", () => {
  it("shows each in a sentence, and puts what was signed on the VPS in place of what was there", async () => {
    const root = stopped();
    const desk = deskOf(root);
    await printed(() => signPolicies(desk, fileOf({ ...GOOD, policies: [] }), options()));
    root.home.time += 60;
    const { answer, stdout, stderr } = await printed(() =>
      signPolicies(desk, fileOf(GOOD), options()),
    );
    expect(answer).toBe(0);
    expect(stderr).toContain(
      "noon (on): restart on nas, of low risk, from 11:00 to 13:00 Europe/Berlin, 2 times in 24 h at most",
    );
    expect(stdout).toMatch(/^Signed until 2027-02-24T12:01:0\dZ: noon\./);
    const kept = readPolicies(disk, root.path);
    expect(parsePoliciesText(kept?.text ?? "")?.policies).toEqual([NOON]);
    const signer = await signerOf(kept?.text ?? "", kept?.armored ?? "", {
      allowedSigners: ALLOWED,
    });
    expect(signer).toEqual({ by: "anna" });
  });

  it("signs nothing when the person does not say yes", async () => {
    const root = stopped();
    const refused = signPolicies(
      deskOf(root),
      fileOf(GOOD),
      options({ confirmed: () => Promise.resolve(false) }),
    );
    await expect(printed(() => refused)).rejects.toThrow("you did not say yes");
    expect(readPolicies(disk, root.path)).toBeUndefined();
  });

  it.each([
    ["is no JSON", "{", /cannot be read as JSON/],
    ["has a verb that needs a person", { ...NOON, verbs: ["deploy-host"] }, /verbs/],
    ["lets high risk go", { ...NOON, risks: ["high"] }, /risks/],
    ["says no hours", { ...NOON, hours: undefined }, /hours/],
    ["says no rate", { ...NOON, atMost: undefined }, /atMost/],
    ["has a word that nobody knows", { ...NOON, run: "id" }, /run/],
  ])("refuses a file that %s, and says where", async (_, policy, reason) => {
    const root = stopped();
    const file = fileOf(typeof policy === "string" ? policy : { ...GOOD, policies: [policy] });
    const desk = deskOf(root);
    await expect(signPolicies(desk, file, options())).rejects.toThrow(reason);
    await expect(signPolicies(desk, file, options())).rejects.toThrow(file);
    expect(desk.scripts).toEqual([]);
  });
});
