import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseSite } from "../../model/site.ts";
import { allowedSignersText, publicKeyProblem } from "../../model/signers.ts";
import { site } from "../support/site.ts";

const folder = mkdtempSync(join(tmpdir(), "signers-"));

function made(name: string, ...kind: readonly string[]): string {
  const file = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-N", "", "-C", `${name} at home`, "-t", ...kind, "-f", file]);
  return readFileSync(`${file}.pub`, "utf8").trim();
}

/** Fields as RFC 4251 writes them. */
function blob(...fields: readonly (string | Buffer)[]): string {
  const written = fields.flatMap((field) => {
    const bytes = Buffer.from(field);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(written).toString("base64");
}

const ED25519 = made("anna", "ed25519");
const [, BASE64 = ""] = ED25519.split(" ");
/** As a key in hardware has it; ssh-keygen makes none without one. */
const IN_HARDWARE = `sk-ssh-ed25519@openssh.com ${blob("sk-ssh-ed25519@openssh.com", Buffer.alloc(32, 7), "ssh:")} token`;

function mistakeIn(signers: unknown): string {
  try {
    parseSite({ ...site, controlPlane: { signers } });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the settings were accepted");
}

describe("site.controlPlane.signers", () => {
  it("is nobody unless somebody is named", () => {
    expect(parseSite({ ...site, controlPlane: {} }).controlPlane?.signers).toEqual([]);
  });

  it.each([
    ["ed25519", ED25519],
    ["ed25519 in hardware", IN_HARDWARE],
    ["a curve", made("curve", "ecdsa", "-b", "384")],
    ["RSA of 3072 bits", made("long", "rsa", "-b", "3072")],
  ])("takes a person with a key of %s", (_kind, key) => {
    const signers = [{ name: "anna@desk", key }];
    expect(parseSite({ ...site, controlPlane: { signers } }).controlPlane?.signers).toEqual(
      signers,
    );
  });

  const pem = readFileSync(join(folder, "anna"), "utf8");
  it.each<[string, string, string]>([
    ["a private key", pem, "is a private key"],
    ["a private key in one line", pem.replaceAll("\n", " "), "is a private key"],
    ["RSA of 2048 bits", made("short", "rsa", "-b", "2048"), "is an RSA key of 2048 bits"],
    ["a key of a kind that is not safe any more", "ssh-dss AAAAB3NzaC1kc3MAAACBAP", "is no public"],
    ["half a key", `ssh-ed25519 ${BASE64.slice(0, 40)}`, "is a broken ssh-ed25519 key"],
    ["a key of another kind", `ssh-rsa ${BASE64}`, "is a broken ssh-rsa key"],
    ["a key with options", `cert-authority ${ED25519}`, "is no public ssh key"],
    ["two lines", `${ED25519}\n* ${ED25519}`, "is no public ssh key"],
  ])("refuses %s, with its path and without what stands there", (_what, key, message) => {
    const mistake = mistakeIn([
      { name: "berta", key: IN_HARDWARE },
      { name: "anna", key },
    ]);
    expect(mistake).toContain(`homelab:site.controlPlane.signers.1.key: ${message}`);
    const told = (key.match(/[A-Za-z0-9+/]{20,}/g) ?? []).filter((word) => mistake.includes(word));
    expect(told).toEqual([]);
  });

  it.each(["*", "an?a", "anna,berta", "!anna", "anna berta", "-anna", "", "a".repeat(129)])(
    "refuses %j, which is no name of one person",
    (name) => {
      const mistake = mistakeIn([{ name, key: ED25519 }]);
      expect(mistake).toContain("homelab:site.controlPlane.signers.0.name: is no name");
    },
  );

  it("refuses one key of two people, whatever is noted beside it", () => {
    const [kind, key] = ED25519.split(" ");
    const mistake = mistakeIn([
      { name: "anna", key: ED25519 },
      { name: "berta", key: `${kind} ${key} berta` },
    ]);
    expect(mistake).toContain("homelab:site.controlPlane.signers: has one key twice");
  });
});

describe("the file of allowed signers", () => {
  it("has a line for each key, good for orders alone, without what is noted beside it", () => {
    const signers = [
      { name: "anna", key: ED25519 },
      { name: "anna", key: IN_HARDWARE },
    ];
    expect(allowedSignersText(signers)).toBe(
      `anna namespaces="homelab-order" ssh-ed25519 ${BASE64}\n` +
        `anna namespaces="homelab-order" ${IN_HARDWARE.replace(" token", "")}\n`,
    );
  });

  it("takes for a key what is one, in all of its kinds", () => {
    expect(publicKeyProblem(made("p256", "ecdsa", "-b", "256"))).toBeUndefined();
    expect(publicKeyProblem(made("p521", "ecdsa", "-b", "521"))).toBeUndefined();
  });
});
