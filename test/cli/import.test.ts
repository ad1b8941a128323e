import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { importReportSchema } from "../../cli/import/report.ts";
import { houseFolder } from "../compose/support/house-folder.ts";
import { CHECKOUT } from "../support/rooms.ts";
import { projectFolder } from "./support/project-folder.ts";
import { runHomelab } from "./support/run-homelab.ts";

const COMPOSE = `services:
  links:
    image: ghcr.io/example/links:1.0.0
    ports: ["9191:9090"]
    volumes: ["./data:/data"]
    environment: { TOKEN: canary-token-1, TZ: Europe/Madrid }
    healthcheck: { test: ["CMD", "links", "check"] }
`;

let project: string;
let folder: string;

beforeAll(() => {
  project = projectFolder();
  // Where the project's program is; the checkout, for a person.
  houseFolder(join(project, "program"));
  folder = mkdtempSync(join(tmpdir(), "homelab-compose-"));
  mkdirSync(join(folder, "links"));
  writeFileSync(join(folder, "links/compose.yaml"), COMPOSE);
  writeFileSync(join(folder, "links/bad.yaml"), "services:\n  a: { imag: canary-2, ports: [x] }\n");
});

const run = (...words: string[]) =>
  runHomelab(["import", ...words], { PULUMI_OPTION_CWD: project });
const written = (path: string) => join(project, "program", path);
const compose = () => join(folder, "links/compose.yaml");

describe("homelab import", () => {
  it("reads the contracts that are written, also as the one file that a person runs", async () => {
    const words = ["cli/homelab.mjs", "import", compose(), "--print", "--name", "run"];
    const run = await execa(process.execPath, words, {
      cwd: CHECKOUT,
      env: { PULUMI_OPTION_CWD: project },
      reject: false,
    });
    expect([run.stderr, run.exitCode]).toEqual(["", 3]);
    expect(run.stdout).toContain("// components/run/run.plan.ts\nimport ");
  });

  it("writes nothing with --print, and prints each file", async () => {
    const { stdout, exitCode } = await run(compose(), "--print", "--name", "printed");
    expect(exitCode).toBe(3);
    expect(stdout).toContain("// components/printed/printed.plan.ts\nimport ");
    expect(stdout).toContain("// test/components/printed/printed.test.ts\n");
    expect(existsSync(written("components/printed"))).toBe(false);
  });

  it("writes plan, contract and test, and says what to decide and to do next", async () => {
    const { stdout, stderr, exitCode } = await run(compose());
    expect([stderr, exitCode]).toEqual(["", 3]);
    expect(readdirSync(written("components/links")).sort()).toEqual([
      "links.image.ts",
      "links.plan.ts",
    ]);
    expect(stdout).toMatch(/^Written: components\/links\/links\.plan\.ts, /);
    const [, line = ""] =
      /^ {2}components\/links\/links\.plan\.ts:(\d+): .*TOKEN_FILE/m.exec(stdout) ?? [];
    const plan = readFileSync(written("components/links/links.plan.ts"), "utf8").split("\n");
    expect(plan[Number(line) - 1]).toMatch(/\/\/ DECIDE 1: /);
    expect(stdout).toContain("links: links(site),");
    expect(stdout).toContain("homelab:links-token: TOKEN in compose.yaml, line 6");
    expect(stdout).toContain(
      `npx homelab adopt docker-vm links --from links-links-1 --volume '${folder}/links/data=links-data'`,
    );
  });

  it("replaces no file unless it is told to", async () => {
    writeFileSync(written("components/links/links.plan.ts"), "// mine\n");
    const refused = await run(compose());
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/^error HL-IMPORT-EXISTS: components\/links\/links\.plan\.ts, /);
    expect(readFileSync(written("components/links/links.plan.ts"), "utf8")).toBe("// mine\n");
    expect((await run(compose(), "--force")).exitCode).toBe(3);
    expect(readFileSync(written("components/links/links.plan.ts"), "utf8")).toContain(
      "export function",
    );
  });

  it("answers programs in the documented form", async () => {
    const { stdout } = await run(
      compose(),
      "--json",
      "--print",
      "--domain",
      "tools",
      "--name",
      "marks",
    );
    const report = importReportSchema.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ app: "marks", written: false, exitCode: 3, problems: [] });
    expect(report.files[0]).toBe("components/tools/marks.plan.ts");
    expect(report.secrets).toEqual([
      { name: "marks-token", standsIn: "TOKEN in compose.yaml, line 6" },
    ]);
  });

  it("refuses a file with mistakes with all of them, and writes nothing", async () => {
    const { stdout, stderr, exitCode } = await run(join(folder, "links/bad.yaml"), "--name", "bad");
    expect([stdout, exitCode]).toEqual(["", 2]);
    expect(stderr).toMatch(/^error HL-IMPORT: 2 mistakes in .*; nothing was written:\n/);
    expect(stderr).toContain(
      "bad.yaml:2: services.a.imag: is no key of the Compose Specification; did you mean image?",
    );
    expect(existsSync(written("components/bad"))).toBe(false);
  });

  it("counts a mistake that stands twice in a line once, as it prints it once", async () => {
    const file = join(folder, "links/twice.yaml");
    writeFileSync(file, "services:\n  a: { image: 'x/${V:?choose one}:${V:?choose one}' }\n");
    const { stderr, exitCode } = await run(file, "--name", "twice");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error HL-IMPORT: 1 mistake in .*; nothing was written:\n/);
    expect(stderr.match(/needs the variable V \(choose one\)/g)).toHaveLength(1);
  });

  it("refuses a service, a host and a folder that there cannot be", async () => {
    expect((await run(compose(), "--service", "nobody")).stderr).toContain(
      "--service nobody: the file has links",
    );
    expect((await run(compose(), "--host", "laptop")).stderr).toContain('"laptop" is not a host');
    expect((await run(compose(), "--domain", "../x")).stderr).toContain(
      "is no folder of components/",
    );
    expect((await run(join(folder, "none.yaml"))).stderr).toContain("is not there");
  });

  it("prints no secret, whatever it is asked for", async () => {
    for (const options of [["--print"], ["--json", "--print"], ["--force"]]) {
      const { stdout, stderr } = await run(compose(), ...options);
      expect(stdout + stderr).not.toContain("canary");
    }
  });
});
