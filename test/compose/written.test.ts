import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { problemsWith } from "../../cli/import/check.ts";
import { formatted } from "../../cli/import/format.ts";
import type { ImportedApp } from "../../compose/import.ts";
import type { DeclaredApp } from "../../model/app.ts";
import type { Site } from "../../model/site.ts";
import { hosts } from "../support/fleet.ts";
import { CHECKOUT } from "../support/rooms.ts";
import { proxy } from "../support/proxy.ts";
import { site } from "../support/site.ts";
import { withCopies } from "../support/with-copies.ts";
import { houseFolder } from "./support/house-folder.ts";
import { FILES, imported, NAMES, told } from "./support/imported.ts";

/** Those that leave nothing to decide. */
const WHOLE = ["anchors", "bookmarks", "document-archive", "feeds", "long-form", "notes"];

/** The compiler takes its time on a busy machine. */
const COMPILE_MILLISECONDS = 300_000;

const apps = new Map<string, ImportedApp>();
let folder: string;

beforeAll(async () => {
  folder = houseFolder();
  for (const name of NAMES) {
    const app = imported(name, { profiles: ["*"] });
    apps.set(name, app);
    for (const { path, text } of app.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), await formatted(text));
    }
  }
});

function appOf(name: string): ImportedApp {
  const app = apps.get(name);
  if (!app) throw new Error(`"${name}" was not imported`);
  return app;
}

/** What the written plan answers when it is called. */
async function planOf({ files, functionName }: ImportedApp): Promise<DeclaredApp> {
  const url = pathToFileURL(join(folder, files[0]?.path ?? "")).href;
  const module = (await import(/* @vite-ignore */ url)) as Record<
    string,
    (site: Site, options: object) => DeclaredApp
  >;
  const make = module[functionName];
  if (!make) throw new Error(`${url} exports no ${functionName}`);
  return make(site, { proxy });
}

describe("what is written", () => {
  it(
    "compiles under the rules of the house, plans, contracts and tests alike",
    () => {
      const config = ts.parseJsonConfigFileContent(
        ts.readConfigFile(join(CHECKOUT, "tsconfig.json"), (path) => readFileSync(path, "utf8"))
          .config,
        { ...ts.sys, readDirectory: () => [] },
        folder,
      );
      const written = [...apps.values()].flatMap(({ files }) =>
        files.map(({ path }) => join(folder, path)),
      );
      const program = ts.createProgram(written, config.options);
      const wrong = written.flatMap((path) => {
        const source = program.getSourceFile(path);
        const found = [
          ...program.getSyntacticDiagnostics(source),
          ...program.getSemanticDiagnostics(source),
        ];
        return found.map(
          ({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
        );
      });
      expect(wrong).toEqual([]);
    },
    COMPILE_MILLISECONDS,
  );

  it.each(NAMES)("of %s comes to what was checked before it was written", async (name) => {
    const app = appOf(name);
    const plan = await planOf(app);
    const plain = (declared: DeclaredApp): unknown => JSON.parse(JSON.stringify(declared));
    expect(plain(plan)).toEqual(plain(app.declared));
  });

  it.each(WHOLE)("of %s passes the rules, and leaves nothing to decide", (name) => {
    const app = appOf(name);
    expect(told(app).filter((line) => line.startsWith("decide"))).toEqual([]);
    const problems = problemsWith(withCopies(app.declared), "docker-vm", hosts).filter(
      // A port of the host that an app of this home has: the people who wrote the file have another home.
      ({ message }) => !message.includes("is already published by"),
    );
    expect(problems).toEqual([]);
  });

  it.each(NAMES.filter((name) => !WHOLE.includes(name)))(
    "of %s marks each decision once, where it has to be made",
    (name) => {
      const app = appOf(name);
      const decisions = app.findings.filter(({ kind }) => kind === "decide");
      expect(decisions.length).toBeGreaterThan(0);
      const text = app.files.map((file) => file.text).join("\n");
      for (const { number } of decisions) {
        expect(text.split(`DECIDE ${number}:`), `DECIDE ${number}`).toHaveLength(2);
      }
    },
  );

  it.each(NAMES)("of %s has no secret of its files in it, in no answer", (name) => {
    const files = readdirSync(join(FILES, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    const canaries = new Set(files.join("\n").match(/canary[\w-]*/g));
    const answer = JSON.stringify(appOf(name));
    for (const canary of canaries) expect(answer.includes(canary), canary).toBe(false);
    // Without one the test would say nothing: these files have no secret at all.
    expect(canaries.size > 0 || ["anchors", "bookmarks", "document-archive"].includes(name)).toBe(
      true,
    );
  });

  it.each(["notes", "reverse-proxy"])("of %s is what a person has read", async (name) => {
    const { files } = appOf(name);
    const texts = files.map(async ({ path, text }) => `// ${path}\n\n${await formatted(text)}`);
    await expect((await Promise.all(texts)).join("\n")).toMatchFileSnapshot(
      join(import.meta.dirname, "golden", `${name}.txt`),
    );
  });

  it("needs no formatting but for what prettier does alone", async () => {
    for (const { files } of apps.values()) {
      for (const { path, text } of files) {
        const form = await formatted(text);
        expect(await formatted(form), path).toBe(form);
      }
    }
  });
});
