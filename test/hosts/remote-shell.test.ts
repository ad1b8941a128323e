import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { observeHost } from "../../hosts/observation.ts";
import { runOnHost } from "../../hosts/remote-shell.ts";

const folder = mkdtempSync(join(tmpdir(), "homelab-remote-"));

beforeAll(() => {
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"] ?? ""}`);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A host whose login prints something before it runs what it is told to. */
function loginPrints(text: string): void {
  writeFileSync(join(folder, "ssh"), `#!/bin/sh\nprintf '${text}'\nexec sh -s\n`);
  chmodSync(join(folder, "ssh"), 0o755);
}

describe("a script on a host", () => {
  it("answers with what it printed itself, whatever its lines look like", async () => {
    loginPrints("");
    const result = await runOnHost("nas", "echo; echo a; echo b >&2; exit 3", 10);
    expect(result).toEqual({ exitCode: 3, greeting: "", stdout: "\na", stderr: "b" });
  });

  it.each(["Welcome to nas\\n", "two\\nlines\\n", "no end of line"])(
    "is found after a login that prints '%s'",
    async (text) => {
      loginPrints(text);
      const result = await runOnHost("nas", "echo answer", 10);
      expect(result.stdout).toBe("answer");
      expect(result.greeting).toBe(text.replaceAll("\\n", "\n").trim());
    },
  );

  it("is followed line by line, and ends when nobody waits for it any more", async () => {
    loginPrints("Welcome\\n");
    const heard: string[] = [];
    const gone = new AbortController();
    const script = "printf 'o'; sleep 0.1; printf 'ne\\ntwo\\nthr'; sleep 600";
    const { stdout } = await runOnHost("nas", script, 300, {
      signal: gone.signal,
      onLine: (line) => {
        heard.push(line);
        if (line === "two") gone.abort();
      },
    });
    expect(heard).toEqual(["one", "two"]);
    expect(stdout).toMatch(/^one\ntwo\n/);
  }, 60_000);

  it("is run over a connection of its own where that is asked for, whatever is open", async () => {
    writeFileSync(
      join(folder, "ssh"),
      `#!/bin/sh\ncat >/dev/null\nprintf '\\nhomelab-connected\\n%s' "$*"\n`,
    );
    chmodSync(join(folder, "ssh"), 0o755);
    const { stdout } = await runOnHost("nas", ":", 10, { anew: true });
    expect(stdout).toMatch(/^-o ControlMaster=no -o ControlPath=none -F /);
    expect((await runOnHost("nas", ":", 10)).stdout).toMatch(/^-F /);
  });

  it("has its whole time after such a login too", async () => {
    loginPrints("Welcome\\n");
    await expect(runOnHost("nas", "sleep 60", 1)).rejects.toMatchObject({ code: "HL-HOST-SLOW" });
  }, 30_000);
});

it("a deployment names the line, since Docker over ssh cannot bear it", async () => {
  loginPrints("Welcome to nas\\n");
  const error: unknown = await observeHost("nas", []).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "HL-LOGIN", host: "nas" });
  expect(String(error)).toContain('"Welcome to nas"');
  expect(String(error)).toContain(".bashrc");
});
