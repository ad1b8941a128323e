import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { declaredPlace, readSources } from "../../../workspace/images/declared-place.ts";
import { hosts } from "../../support/fleet.ts";
import { CHECKOUT } from "../../support/rooms.ts";

const IMAGE = "docker.io/library/app:1.0";

/** A checkout with these files. */
function checkout(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "checkout-"));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

const CONTRACT = `export const APP_IMAGE = {\n  reference: "${IMAGE}",\n};\n`;

describe("where an image is declared", () => {
  it("is the one text that names it, and the sandbox's entry with it", async () => {
    const folder = checkout({
      "components/app/app.image.ts": CONTRACT,
      "components/app/other.image.ts": 'reference: "docker.io/library/app:1.0.1",\n',
      "sandbox/images/entries/home.ts": `reference: "${IMAGE}",\n`,
      "test/app.test.ts": `const IMAGE = "${IMAGE}";\n`,
    });
    expect(declaredPlace(await readSources(folder), IMAGE)).toEqual({
      files: ["components/app/app.image.ts", "sandbox/images/entries/home.ts"],
      byHand: [],
    });
  });

  it.each([
    ["twice, in two files", { "components/app/app.plan.ts": `const IMAGE = "${IMAGE}";\n` }, 2],
    ["twice, in one line", { "components/app/app.image.ts": `["${IMAGE}", "${IMAGE}"]\n` }, 1],
    [
      "also put together",
      { "components/app/app.plan.ts": "image: `docker.io/library/app:${V}`\n" },
      2,
    ],
    [
      "put together alone",
      { "components/app/app.image.ts": "x(`docker.io/library/app:${V}`)\n" },
      1,
    ],
    [
      "put together in the sandbox",
      { "sandbox/images/entries/a.ts": "`docker.io/library/${n}:1.0`\n" },
      2,
    ],
    ["nowhere", { "components/app/app.image.ts": "" }, 0],
  ])(
    "is no program's to change where it is named %s, but a person's, by line",
    async (_, files, lines) => {
      const folder = checkout({ "components/app/app.image.ts": CONTRACT, ...files });
      const place = declaredPlace(await readSources(folder), IMAGE);
      expect(place.files).toEqual([]);
      expect(place.byHand).toHaveLength(lines);
      for (const { file, line } of place.byHand) expect(`${file}:${line}`).toMatch(/\.ts:[12]$/);
    },
  );

  it("is not where a comment names it, nor where something else is put together", async () => {
    const folder = checkout({
      "components/app/app.image.ts": `// e.g. "${IMAGE}"\n/** "${IMAGE}" */\n${CONTRACT}`,
      "components/app/app.plan.ts":
        "`docker.io/library/other:${V}`; `${a}/b`; `docker.io/library/app:${V}-x`\n",
    });
    expect(declaredPlace(await readSources(folder), IMAGE).files).toEqual([
      "components/app/app.image.ts",
    ]);
  });

  it("is found for every image of this checkout, and for most a program may change it", async () => {
    const images = [
      ...new Set(hosts.flatMap(({ services }) => services.map(({ image }) => image))),
    ];
    const sources = await readSources(CHECKOUT);
    const places = images.map((image) => ({ image, ...declaredPlace(sources, image) }));
    const lost = places.filter(({ files, byHand }) => files.length === 0 && byHand.length === 0);
    expect(lost.map(({ image }) => image)).toEqual([]);
    expect(places.filter(({ files }) => files.length > 0).length).toBeGreaterThan(
      images.length / 2,
    );
    const immich = places.find(({ image }) => image.includes("immich-server"));
    expect(immich?.byHand.map(({ file }) => file)).toContain("components/photos/immich.plan.ts");
  });
});
