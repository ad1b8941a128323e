// The Compose files of test/compose/files that leave nothing to decide, imported into the household of
// docs/guides/your-own-household.md as docs/guides/bring-your-compose-files.md says, and deployed.
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importReportSchema, type ImportReport } from "../../cli/import/report.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { buildImages } from "../../sandbox/images/build.ts";
import { imageLock } from "../../sandbox/images/lock.ts";
import { IMAGES } from "../../sandbox/images/manifest.ts";
import { pushImages } from "../../sandbox/images/push.ts";
import { registryAccess } from "../../sandbox/registry.ts";
import { silent } from "../../sandbox/reporter.ts";
import { own } from "../e2e/sandbox/own-sandbox.ts";
import { follow } from "../support/guide-steps.ts";
import { CHECKOUT } from "../support/rooms.ts";
import { IMPORTED_IMAGES } from "./support/imported-images.ts";
import {
  HOSTS,
  on,
  ownHousehold,
  troubledOn,
  visit,
  type OwnHousehold,
} from "./support/own-household.ts";

const HOST = "burrow";

/** Those that need no decision, as test/compose/written.test.ts says, and their containers. */
const FILES = {
  anchors: ["anchors-cache", "anchors-mailer", "anchors-thumbnails"],
  bookmarks: ["bookmarks"],
  "document-archive": [
    "document-archive-backup",
    "document-archive-broker",
    "document-archive-db",
    "document-archive-gotenberg",
    "document-archive-webserver",
  ],
  feeds: ["feeds", "feeds-backup", "feeds-db"],
  "long-form": ["everything-store", "everything-web"],
  notes: ["notes-app", "notes-backup", "notes-db"],
} as const;

/** What this home says otherwise than who wrote the file: a port that is taken, another registry. */
const OF_THIS_HOME: readonly (readonly [from: string, to: string])[] = [
  ['"8000:8000"', '"8010:8000"'],
  ["registry.example.net:5000/", "registry.sandbox/"],
];

let home: OwnHousehold;
const reports: ImportReport[] = [];

beforeAll(async () => {
  home = await ownHousehold();
  await fillRegistry();
});

afterAll(() => home.remove());

/** Gives the sandbox's registry what the files ask for, and the lock its digests. */
async function fillRegistry(): Promise<void> {
  const images = [...IMAGES, ...IMPORTED_IMAGES];
  const built = await buildImages({ cache: own.cache, reporter: silent, images });
  await pushImages(registryAccess(own), built);
  const lock: ImageLock = imageLock(built);
  await writeFile(join(home.folder, "images.lock.json"), JSON.stringify(lock));
}

/** A file of test/compose/files with all that is beside it, in the home. */
async function composeFile(name: string): Promise<string> {
  const folder = join(home.folder, "compose-files", name);
  await cp(join(CHECKOUT, "test/compose/files", name), folder, { recursive: true });
  const file = join(
    folder,
    (await readdir(folder)).find((one) => /compose\.ya?ml$/.test(one)) ?? "",
  );
  let text = await readFile(file, "utf8");
  for (const [from, to] of OF_THIS_HOME) text = text.replaceAll(from, to);
  await writeFile(file, text);
  return file;
}

/** The lines that each import asks for, and Authelia, whom a label of one of the files asks for. */
function addToTheHost(): void {
  const file = `household/${HOST}.plan.ts`;
  const [imports, entries] = [0, 1].map((place) =>
    reports.map(({ lines }) => `${lines[place]?.line ?? ""}\n`).join(""),
  );
  const proxy = 'import { placeAtHome } from "../components/edge/proxy.plan.ts";\n';
  const sites = "import { proxiedSites } from";
  const end = '        copiedBy: "homeassistant-backup",\n      }),\n    }),\n';
  const login = "authelia: authelia(site, { proxy, protectedNames: protectedNames(site, known) })";
  follow(home.folder, [
    {
      kind: "edit",
      file,
      from: proxy,
      to: `import { authelia } from "../components/auth/authelia.plan.ts";\n${proxy}${imports ?? ""}`,
    },
    { kind: "edit", file, from: sites, to: sites.replace("{ ", "{ protectedNames, ") },
    {
      kind: "edit",
      file,
      from: end,
      to: `${end}phase(7, { ${login} }),\nphase(8, {\n${entries ?? ""}}),\n`,
    },
  ]);
}

describe("Compose files that leave nothing to decide", () => {
  it.each(Object.keys(FILES))("%s is imported, and there is nothing to decide", async (name) => {
    const file = await composeFile(name);
    const { code, output } = await home.homelab("import", file, "--host", HOST, "--json");
    expect(code, output).toBe(0);
    const report = importReportSchema.parse(JSON.parse(output));
    expect(report.findings.filter(({ kind }) => kind === "decide")).toEqual([]);
    reports.push(report);
  });

  it("are valid with the lines that the answers name, and have their secrets", async () => {
    addToTheHost();
    const made = await home.homelab("secrets", "init");
    expect(made.code, made.output).toBe(0);
    const persons = reports.flatMap(({ secrets }) =>
      secrets.flatMap(({ name, standsIn }) => (standsIn === null ? [] : [name])),
    );
    expect(persons.length).toBeGreaterThan(4);
    for (const name of [...persons, "frigate-orchard-password"]) {
      await home.setSecret(HOST, name.replace(/^homelab:/, ""), `of-a-person-${name.length}`);
    }
    const valid = await home.homelab("validate");
    expect(valid.code, valid.output).toBe(0);
  });

  it("are deployed, and each of their containers becomes healthy", async () => {
    for (const host of HOSTS) {
      const { code, output } = await home.up(host);
      expect(code, output.slice(-6000)).toBe(0);
    }
    const running = (await on(HOST, "docker ps --format '{{.Names}}'")).split("\n");
    expect(running).toEqual(expect.arrayContaining(Object.values(FILES).flat()));
    expect(await troubledOn(HOST)).toEqual([]);
  });

  it("are reached at their names: behind the login where a label asked for one", async () => {
    expect(await visit("notes")).toBe("200");
    expect(await visit("links")).toMatch(/^302 https:\/\/auth\.meadow\.example\//);
  });

  it("are copied, their databases too", async () => {
    const copied = await home.homelab("backup", "run", HOST);
    expect(copied.code, copied.output).toBe(0);
    for (const job of ["notes-backup", "feeds-backup", "document-archive-backup"]) {
      expect(copied.output).toContain(`${HOST}/${job}: snapshot `);
    }
  });

  it("have nothing left to change", async () => {
    const preview = await home.pulumi(["preview", "--expect-no-changes", "--stack", HOST]);
    expect(preview.code, preview.output.slice(-6000)).toBe(0);
  });
});
