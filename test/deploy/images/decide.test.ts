import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decidePrune,
  type DeclaredImages,
  type PruneDecision,
} from "../../../deploy/images/decide.ts";
import type { FoundImage, ImagesLook, ImageUse } from "../../../deploy/images/look.ts";
import { digest, receiptOf } from "./receipts.ts";

const APP = "ghcr.io/a/app";
const REDIS = "docker.io/library/redis";

/** An image that was pulled by its digest, as deployments do. */
function pulled(
  repository: string,
  character: string,
  extra: Partial<FoundImage> = {},
): FoundImage {
  return {
    id: `sha256:${"e".repeat(63)}${character}`,
    names: [`${repository}@${digest(character)}`],
    bytes: 100,
    ...extra,
  };
}

function named(repository: string, tag: string, character: string): string {
  return `${repository}:${tag}@${digest(character)}`;
}

function use(image: FoundImage, name: string): ImageUse {
  return { id: image.id, name };
}

const DECLARED: DeclaredImages = { here: [named(APP, "4", "4")], anywhere: [named(APP, "4", "4")] };

/** A host with four versions of an app on it, each once deployed, of which the last runs. */
function host(changes: Partial<ImagesLook> = {}): ImagesLook {
  const images = ["1", "2", "3", "4"].map((version) => pulled(APP, version));
  return {
    images,
    uses: [{ id: images[3]?.id ?? "", name: named(APP, "4", "4") }],
    planned: [named(APP, "4", "4")],
    receipts: {
      receipts: [4, 3, 2, 1].map((day) => receiptOf(day, { app: named(APP, `${day}`, `${day}`) })),
      torn: [],
    },
    ...changes,
  };
}

function decide(look: ImagesLook, { declared = DECLARED, keep = 3 } = {}): PruneDecision {
  const decision = decidePrune(look, declared, keep);
  if ("unsure" in decision) throw new Error(decision.unsure);
  return decision;
}

/** Last characters of the digests of what goes. */
const going = ({ remove }: PruneDecision): string[] =>
  remove.map(({ names }) => names[0]?.slice(-1) ?? "");

describe("what is removed from a host", () => {
  it("is what none of the last deployments needs", () => {
    expect(going(decide(host()))).toEqual(["1"]);
    expect(going(decide(host(), { keep: 1 }))).toEqual(["1", "2", "3"]);
    expect(going(decide(host(), { keep: 9 }))).toEqual([]);
  });

  it("is the same when a deployment was repeated: that is none to go back to", () => {
    const [last, ...earlier] = host().receipts.receipts;
    if (!last) throw new Error("no receipt");
    const again = [5, 6, 7].map((day) =>
      receiptOf(day, { app: named(APP, "4", "4") }, last.commit),
    );
    const receipts = { receipts: [...again.reverse(), last, ...earlier], torn: [] };
    expect(going(decide(host({ receipts })))).toEqual(["1"]);
  });

  it("is nothing that a container was made from, whether it runs or not", () => {
    const image = pulled(APP, "1");
    const uses = [use(image, named(APP, "1", "1"))];
    expect(going(decide(host({ uses }), { keep: 1 }))).toEqual(["2", "3"]);
  });

  it.each([
    ["its digest, where the store calls the image otherwise", named(APP, "1", "1")],
    ["its tag", `${APP}:1`],
    ["the id alone", "e".repeat(12)],
  ])("is nothing that a container names by %s", (_, name) => {
    const image = pulled(APP, "1", { names: [`${APP}:1`, `${APP}@${digest("1")}`] });
    const id = name.startsWith("e") ? image.id : "sha256:other";
    const images = [image, pulled(APP, "2"), pulled(APP, "4")];
    const uses = [{ id, name }];
    expect(going(decide(host({ images, uses }), { keep: 1 }))).toEqual(["2"]);
  });

  it("is nothing of a repository from which a container was made, nobody knows from which image", () => {
    const uses = [{ id: "sha256:other", name: `${APP}:gone` }];
    expect(going(decide(host({ uses }), { keep: 1 }))).toEqual([]);
  });

  it("is nothing that is declared or planned for the next boot, though nobody deployed it yet", () => {
    const here = [named(APP, "1", "1")];
    expect(going(decide(host(), { declared: { here, anywhere: here }, keep: 1 }))).toEqual([
      "2",
      "3",
    ]);
    const planned = [named(APP, "2", "2")];
    expect(going(decide(host({ planned }), { keep: 1 }))).toEqual(["1", "3"]);
  });

  it("is nothing of a repository whose declared digest nobody knows", () => {
    const here = [`${APP}:4@unpinned`];
    expect(going(decide(host(), { declared: { here, anywhere: here }, keep: 1 }))).toEqual([]);
  });

  it("is nothing that nothing of ours ever named, nor what has another name beside ours", () => {
    const images = [
      pulled("docker.io/library/nginx", "7"),
      pulled(APP, "8", { names: [`${APP}@${digest("8")}`, "mine:latest"] }),
      pulled(APP, "9", { names: [] }),
      pulled(APP, "1"),
      pulled(APP, "4"),
    ];
    const decision = decide(host({ images }));
    expect(going(decision)).toEqual(["1"]);
    expect(decision.foreign).toEqual(images.slice(0, 3));
  });

  it("is what only another host declares, and what only an old receipt names", () => {
    const images = [
      pulled(REDIS, "7", { names: [`redis@${digest("7")}`] }),
      pulled("quay.io/o/old", "6"),
    ];
    const anywhere = [...DECLARED.anywhere, named(REDIS, "8", "8")];
    const old = receiptOf(1, { old: named("quay.io/o/old", "6", "6") });
    const receipts = { receipts: [...host().receipts.receipts.slice(0, 3), old], torn: [] };
    const decision = decide(host({ images, receipts }), { declared: { ...DECLARED, anywhere } });
    expect(going(decision)).toEqual(["7", "6"]);
  });

  it("never is in use, declared, planned or of the last deployments, whatever is on the host", () => {
    const character = fc.constantFrom(..."123456789");
    const images = fc.uniqueArray(character, { maxLength: 9 });
    fc.assert(
      fc.property(
        images,
        images,
        images,
        images,
        images,
        (there, used, here, planned, deployed) => {
          const names = (list: readonly string[]) => list.map((one) => named(APP, one, one));
          const look: ImagesLook = {
            images: there.map((one) => pulled(APP, one)),
            uses: used.map((one) => use(pulled(APP, one), named(APP, one, one))),
            planned: names(planned),
            receipts: {
              receipts: deployed.map((one, index) =>
                receiptOf(20 - index, { app: named(APP, one, one) }),
              ),
              torn: [],
            },
          };
          const gone = going(
            decide(look, { declared: { here: names(here), anywhere: names(here) } }),
          );
          const needed = [...used, ...here, ...planned, ...deployed.slice(0, 3)];
          expect(gone.filter((one) => needed.includes(one))).toEqual([]);
        },
      ),
    );
  });
});

describe("nothing is removed from a host", () => {
  it("whose plan for the next boot cannot be read", () => {
    expect(decidePrune(host({ planned: undefined }), DECLARED, 3)).toMatchObject({
      unsure: expect.stringContaining("the next boot") as string,
    });
  });

  it("where a file may be the receipt of one of the last deployments, and cannot be read", () => {
    const { receipts } = host().receipts;
    const torn = (name: string) => host({ receipts: { receipts, torn: [name] } });
    const young = "20260303T090000Z.json";
    expect(decidePrune(torn(young), DECLARED, 3)).toMatchObject({
      unsure: expect.stringContaining(young) as string,
    });
    expect(going(decide(torn("20260101T090000Z.json")))).toEqual(["1"]);
    const few = host({
      receipts: { receipts: receipts.slice(0, 2), torn: ["20250101T090000Z.json"] },
    });
    expect(decidePrune(few, DECLARED, 3)).toHaveProperty("unsure");
  });
});

describe("how far a rollback reaches without a network", () => {
  it("is as many deployments as keep all their images, and what the one before lacks", () => {
    expect(decide(host()).reach).toEqual({
      deployments: 3,
      since: "2026-03-02T10:00:00.000Z",
      missing: named(APP, "1", "1"),
    });
  });

  it("is said as it is where somebody removed images by hand", () => {
    const images = ["1", "2", "4"].map((version) => pulled(APP, version));
    expect(decide(host({ images })).reach).toMatchObject({
      deployments: 1,
      missing: named(APP, "3", "3"),
    });
  });

  it("is nowhere without receipts", () => {
    const receipts = { receipts: [], torn: [] };
    expect(decide(host({ receipts })).reach).toEqual({
      deployments: 0,
      since: null,
      missing: null,
    });
  });
});
