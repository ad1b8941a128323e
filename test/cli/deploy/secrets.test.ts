import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { deployReportSchema, type HostOutcome } from "../../../deploy/staged/report.ts";
import { runHomelab } from "../support/run-homelab.ts";
import { CANARY, imitateFleet, type ImitatedFleet } from "./imitated-fleet.ts";

const bytes = Buffer.from(CANARY);

/** The secret as programs write it. */
const FORMS: Readonly<Record<string, string>> = {
  raw: CANARY,
  base64: bytes.toString("base64"),
  "base64 behind a name": Buffer.from(`admin:${CANARY}`).toString("base64"),
  URL: encodeURIComponent(CANARY),
  form: encodeURIComponent(CANARY).replaceAll("%20", "+"),
  JSON: JSON.stringify(CANARY),
  "shell-quoted": `'${CANARY.replaceAll("'", `'\\''`)}'`,
  hexadecimal: bytes.toString("hex"),
};

/** A text in pieces of five characters, as a narrow terminal shows it. */
function folded(form: string): string[] {
  return form.match(/.{1,5}/gs) ?? [];
}

/** A line of which all but the secret's last letters is within what diagnostics keep of a line. */
function cutOff(label: string, form: string): string {
  return `${label}${"x".repeat(2002 - label.length - form.length)}${form}`;
}

/** Each form as it is, split over lines, laced with colours, and where a long line is cut off. */
const SAID = Object.entries(FORMS)
  .flatMap(([name, form]) => [
    `${name}: ${form}`,
    `${name}, split: ${form.slice(0, 9)}\n    ${form.slice(9)}`,
    `${name}, laced: ${[...form].join("\u001b[1;31m")}\u001b[0m`,
    `${name}, folded and laced: ${folded(form).join("\u001b[0m\r\n\u001b[32m")}`,
    cutOff(`${name}, at the end: `, form),
  ])
  .join("\n");

/** What of the secret stands in a text, however it is broken and coloured. */
function leaksIn(text: string): string[] {
  const plain = text.replaceAll(/\u001b\[[0-9;]*m/g, "").replaceAll(/\s*\n\s*/g, "");
  const undone = [plain, plain.replaceAll("\\n", "").replaceAll('\\"', '"')];
  // Of what is encoded together with other things only the middle is sure.
  const cores = Object.entries(FORMS).map(([name, form]) => [name, form.slice(8, -6)] as const);
  return cores.flatMap(([name, core]) => (undone.some((one) => one.includes(core)) ? [name] : []));
}

let fleet: ImitatedFleet;
beforeAll(async () => {
  fleet = await imitateFleet();
  fleet.put("says", `${SAID}\n`);
  fleet.put("says.json", JSON.stringify(SAID));
});
afterEach(() => vi.restoreAllMocks());

/** Everything that a run says and leaves behind. */
async function everythingOf(...words: string[]): Promise<{ host: HostOutcome; text: string }> {
  const args = ["deploy", "nas", "--offline", "--root", fleet.root, "--json", ...words];
  const { stdout, stderr } = await runHomelab(args, fleet.env);
  const [host] = deployReportSchema.parse(JSON.parse(stdout)).hosts;
  if (!host) throw new Error(stderr);
  const found = execFileSync("find", [fleet.root, "-type", "f"], { encoding: "utf8" });
  const paths = found.trim().split("\n");
  const files = paths.filter((path) => !path.endsWith("healthcheck.sh"));
  const texts = files.map((path) => readFileSync(path, "utf8"));
  // The command lines of everything that was run.
  const calls = ["pulumi-calls", "argv"].map((name) => fleet.read(name) ?? "");
  for (const each of calls) expect(each).not.toBe("");
  return { host, text: [stdout, stderr, ...calls, ...texts].join("\n") };
}

describe("a secret of the stack", { timeout: 480_000 }, () => {
  it("is found by this test in what is not masked, in each of its forms", () => {
    expect(leaksIn(SAID)).toEqual(Object.keys(FORMS));
    expect(leaksIn(JSON.stringify(SAID))).toContain("raw");
  });

  it("is in no file, report or word of a run whose service and whose Pulumi say it in every form", async () => {
    fleet.put("broken");
    const { host, text } = await everythingOf();
    fleet.take("broken");
    expect(host).toMatchObject({ outcome: "failed", stage: "deploy" });
    expect([host.log, host.diagnostics]).not.toContain(null);
    for (const name of Object.keys(FORMS)) expect(text).toContain(`${name}, laced: `);
    expect(leaksIn(text)).toEqual([]);
  });

  it("is in none when the preview fails and says it, so that there is no plan", async () => {
    fleet.put("unsound");
    const { host, text } = await everythingOf();
    expect(host).toMatchObject({ outcome: "failed", stage: "validate" });
    expect(host.error?.message).toContain("raw, split: ");
    expect(leaksIn(text)).toEqual([]);
    // What a person reads is no other text than what programs do, and is made of it.
    const words = ["deploy", "nas", "--offline", "--root", fleet.root];
    const { stdout, stderr } = await runHomelab(words, fleet.env);
    fleet.take("unsound");
    expect(stdout).toContain("nas: FAILED, last stage validate");
    expect(leaksIn(`${stdout}\n${stderr}`)).toEqual([]);
  });

  it("is in none when a person's own check says it", async () => {
    const once = join(fleet.folder, "once");
    const late = join(fleet.folder, "late");
    mkdirSync(join(fleet.root, "config/samba"), { recursive: true });
    const check = `[ ! -e ${once} ] || touch ${late}\ntouch ${once}\ncat ${fleet.folder}/says\nexit 1\n`;
    fleet.put("root/config/samba/healthcheck.sh", check);
    // The time for which a check is tried again is over after the second time.
    const now = Date.now.bind(Date);
    vi.spyOn(Date, "now").mockImplementation(() => now() + (existsSync(late) ? 600_000 : 0));
    const { host, text } = await everythingOf();
    fleet.take("root/config/samba/healthcheck.sh");
    expect(host).toMatchObject({ outcome: "failed", stage: "verify" });
    expect(host.error?.message).toContain("samba fails its healthcheck.sh, which ends with 1:");
    expect(fleet.read((host.diagnostics ?? "").slice(fleet.folder.length + 1))).toContain(
      "samba fails its healthcheck.sh",
    );
    expect(leaksIn(text)).toEqual([]);
  });

  it("is in no receipt of a run that succeeds", async () => {
    const { host, text } = await everythingOf();
    expect(host.outcome, JSON.stringify(host)).toBe("done");
    expect(host.receipt).not.toBeNull();
    expect(leaksIn(text)).toEqual([]);
  });
});
