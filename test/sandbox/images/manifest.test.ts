import { describe, expect, it } from "vitest";
import { HOSTS } from "../../../model/host-names.ts";
import { parseImageReference } from "../../../model/image-reference.ts";
import { parseSite } from "../../../model/site.ts";
import { IMAGES } from "../../../sandbox/images/manifest.ts";
import { placeOf } from "../../../sandbox/images/push.ts";
import { sandboxConfig } from "../../../sandbox/project.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";

const references = IMAGES.map((image) => image.reference);

const settings = sandboxSettings({ HOMELAB_SANDBOX: "/nowhere/box" });
const fleet = declareFleet(parseSite(sandboxConfig(settings, "nas")["homelab:site"]));

const declared = HOSTS.flatMap((host) =>
  fleet[host].declaration.services.map(({ image }) => image),
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

  it("has every image that the household's containers run in the sandbox", () => {
    expect(declared.filter((image) => !references.includes(image))).toEqual([]);
  });

  it("gives every stand-in what it pretends to be, and says what it lacks", () => {
    const standIns = IMAGES.filter((image) => image.kind === "stand-in");
    expect(standIns.filter((image) => image.standIn === undefined)).toEqual([]);
    expect(
      IMAGES.filter((image) => image.limits === "" || image.source === "" || image.secrets === ""),
    ).toEqual([]);
  });

  it("lets no image write below a folder that is a link in the base", () => {
    const paths = IMAGES.flatMap((image) => (image.paths ?? []).map((entry) => entry.path));
    expect(
      paths.filter((path) => /^\/(bin|sbin|lib|lib64|var\/run|var\/lock)\//.test(path)),
    ).toEqual([]);
  });
});
