import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HOSTS } from "../../../model/host-names.ts";
import { isAbout, parseImageReference } from "../../../model/image-reference.ts";
import { parseSite } from "../../../model/site.ts";
import { IMAGES } from "../../../sandbox/images/manifest.ts";
import { placeOf } from "../../../sandbox/images/push.ts";
import { sandboxConfig } from "../../../sandbox/project.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { IMAGE_CONTRACTS } from "../../support/fleet.ts";

const references = IMAGES.map((image) => image.reference);

const settings = sandboxSettings({ HOMELAB_SANDBOX: "/nowhere/box" });
const fleet = declareFleet(parseSite(sandboxConfig(settings, "nas")["homelab:site"]));

/** Every container of the sandbox with its image. */
const declared = HOSTS.flatMap((host) =>
  fleet[host].declaration.services.map(({ name, image }) => [`${host}/${name}`, image] as const),
);

describe("the manifest of the sandbox's images", () => {
  it.each(references)(
    "%s names a registry, a repository and a version that stands still",
    (reference) => {
      expect(parseImageReference(reference)).not.toHaveProperty("problem");
    },
  );

  it("has each reference once", () => {
    expect(references).toEqual([...new Set(references)]);
  });

  it("keeps images of different registries apart, for the registry keeps no registry names", () => {
    const places = references.map((reference) => Object.values(placeOf(reference)).join(":"));
    expect(places).toEqual([...new Set(places)]);
  });

  it("has every image that has a contract, so that each stack can be deployed in the sandbox", () => {
    const lacking = IMAGE_CONTRACTS.map(({ reference }) => reference).filter(
      (entry) => !references.some((reference) => isAbout(entry, reference)),
    );
    expect(lacking).toEqual([]);
  });

  it.each(declared)("says that %s runs the image that its stack asks for", (container, image) => {
    const found = IMAGES.find(({ reference }) => reference === image);
    expect(found?.containers).toContain(container);
  });

  it("names no container that no stack has", () => {
    const known = new Set<string>(declared.map(([container]) => container));
    const named = IMAGES.flatMap(({ containers }) => containers);
    expect(named.filter((container) => !known.has(container))).toEqual([]);
  });

  it("gives every stand-in what it pretends to be, and says what it lacks", () => {
    const standIns = IMAGES.filter((image) => image.kind === "stand-in");
    expect(standIns.filter((image) => image.standIn === undefined)).toEqual([]);
    expect(
      IMAGES.filter((image) => image.limits === "" || image.source === "" || image.secrets === ""),
    ).toEqual([]);
  });

  it.each([
    ["Real programs", "real"],
    ["Real in part", "mixed"],
    ["Stand-ins", "stand-in"],
  ])("has its images under '%s' in the README", (title, kind) => {
    const text = readFileSync("sandbox/images/README.md", "utf8");
    const list = text.split(`- ${title}`)[1]?.split(/\n(?:- |\n)/)[0] ?? "";
    const listed = list
      .slice(list.indexOf(": ") + 2)
      .replaceAll(/\([^)]*\)/g, "")
      .split(/[,\s]+/);
    const names = IMAGES.filter((image) => image.kind === kind).map(
      (image) => placeOf(image.reference).repository.split("/").at(-1) ?? "",
    );
    expect(listed.filter((name) => name !== "").sort()).toEqual([...new Set(names)].sort());
  });

  it("lets no image write below a folder that is a link in the base", () => {
    const paths = IMAGES.flatMap((image) => (image.paths ?? []).map((entry) => entry.path));
    expect(
      paths.filter((path) => /^\/(bin|sbin|lib|lib64|var\/run|var\/lock)\//.test(path)),
    ).toEqual([]);
  });
});
