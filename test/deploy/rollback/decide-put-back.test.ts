import { describe, expect, it } from "vitest";
import { decidePutBack } from "../../../deploy/rollback/decide-put-back.ts";
import type { Receipt } from "../../../deploy/staged/receipt.ts";
import { hostPlan } from "../../../model/host-plan.ts";
import { hostAsDeclared, lockOf } from "../drift/imitated-host.ts";
import { hostNamed, IMAGE_CONTRACTS } from "../../support/fleet.ts";

const HOST = hostNamed("docker-vm");
const LOCK = lockOf(HOST);
/** The label of the files of every container here. */
const FILES = "f1e2";
const OLD_DIGEST = `sha256:${"1".repeat(64)}`;

/** Services that the earlier deployment had by another image; null: by the same, otherwise declared. */
type Earlier = Readonly<Record<string, string | null>>;

function imageOf(name: string): string {
  const image = HOST.services.find((one) => one.name === name)?.image;
  if (image === undefined) throw new Error(`no service ${name}`);
  return image;
}

function receipt(earlier: Earlier, other: Partial<Receipt> = {}): Receipt {
  const plan = hostPlan(HOST, LOCK, "c");
  const services = plan.services.map(({ name, image, spec }) => {
    const before = earlier[name];
    if (before === undefined) return [name, { image, spec }] as const;
    const made = before === null ? image : `${before}@${OLD_DIGEST}`;
    return [name, { image: made, spec: "earlier" }] as const;
  });
  const began = "2026-11-25T10:00:00.000Z";
  return {
    ...{ version: 1, id: "r", host: "docker-vm", commit: "c", planDigest: plan.digest },
    ...{ only: null, by: "ana@desk", began, ended: began, durations: {} },
    services: Object.fromEntries(services),
    ...other,
  };
}

function decide(failed: readonly string[], ...receipts: readonly Receipt[]) {
  return decidePutBack({
    declaration: HOST,
    contracts: IMAGE_CONTRACTS,
    failed: new Set(failed),
    receipts,
    look: hostAsDeclared(HOST, LOCK),
  });
}

/** The same image by an older tag. */
function older(name: string, tag: string): string {
  return imageOf(name).replace(/:[^:]*$/, `:${tag}`);
}

describe("what is put back of a service that a deployment left unhealthy", () => {
  it("is its container of the last good deployment of the whole host, and of nobody else", () => {
    const good = receipt({ mosquitto: null });
    const part = receipt({}, { only: "automation" });
    const mixed = receipt({}, { putBack: { began: "b", services: ["mosquitto"] } });
    expect(decide(["mosquitto"], mixed, part, good)).toEqual({
      receipt: good,
      services: ["mosquitto"],
    });
  });

  it("is also who cannot run without it, as far as that is otherwise, too, and not who has other needs", () => {
    const good = receipt({ "immich-db": null, "immich-server": null, mosquitto: null });
    expect(decide(["immich-db"], good)).toMatchObject({
      services: ["immich-db", "immich-server"],
    });
  });

  it("is not hindered by who is unhealthy beside it in the container that was", () => {
    const good = receipt({ "immich-db": null });
    const decision = decide(["immich-server", "immich-db", "mosquitto"], good);
    expect(decision).toMatchObject({ services: ["immich-db"] });
  });

  it("is nothing when it had no other container, or there was none before", () => {
    const same = decide(["mosquitto"], receipt({}));
    expect(same).toMatchObject({
      refused: expect.stringContaining("no other container of mosquitto") as string,
    });
    const { mosquitto: _gone, ...services } = receipt({}).services;
    const isNew = decide(["mosquitto"], receipt({}, { services }));
    expect(isNew).toMatchObject({
      refused: expect.stringContaining("no other container of mosquitto") as string,
    });
    expect(decide(["mosquitto"])).toMatchObject({
      refused: expect.stringContaining("no earlier deployment") as string,
    });
    expect(
      decide(["mosquitto"], receipt({ mosquitto: null }, { commit: "unknown" })),
    ).toMatchObject({ refused: expect.stringContaining("without git") as string });
  });
});

describe("a service whose declaration is the same, and what stands in its files is not", () => {
  const ONLY_FILES = receipt({}, { files: { mosquitto: "earlier", caddy: FILES } });

  it("is put back, and nobody whose files are those of then", () => {
    expect(decide(["mosquitto", "caddy"], ONLY_FILES)).toEqual({
      receipt: ONLY_FILES,
      services: ["mosquitto"],
    });
  });

  it("goes back with who cannot run without it and has other files, too", () => {
    const dependents = { files: { "immich-db": "earlier", "immich-server": "earlier" } };
    expect(decide(["immich-db"], receipt({}, dependents))).toMatchObject({
      services: ["immich-db", "immich-server"],
    });
  });

  it("has nothing to go back to when its container was made anew from the very same", () => {
    expect(decide(["caddy"], ONLY_FILES)).toEqual({
      refused: expect.stringMatching(/no other container of caddy to go back to$/) as string,
    });
  });

  it("stays as it is where the receipt is from before they were noted, which is said", () => {
    expect(decide(["mosquitto", "caddy"], receipt({}))).toEqual({
      refused: expect.stringMatching(
        /no other container of mosquitto, caddy to go back to; .* does not say what stood in the files of mosquitto, caddy$/,
      ) as string,
    });
  });
});

describe("data that the newer image may have brought forward", () => {
  it("keeps everything as it is, and says which and where to read on", () => {
    const good = receipt({ mosquitto: null, vaultwarden: older("vaultwarden", "1.0.0") });
    const decision = decide(["mosquitto", "vaultwarden"], good);
    expect(decision).toEqual({
      refused: expect.stringMatching(
        /^the data of vaultwarden may be that of \S+ already, which 1\.0\.0 is not known to open; docs\/guides\/going-back\.md/,
      ) as string,
    });
  });

  it("of a dependent keeps the service that failed from going back, too", () => {
    const good = receipt({ "immich-db": null, "immich-server": older("immich-server", "v1.0.0") });
    expect(decide(["immich-db"], good)).toHaveProperty("refused");
  });

  it("is that of an image of which nobody read what its versions open", () => {
    const unread = HOST.services.find(({ image }) => {
      const contract = IMAGE_CONTRACTS.find(({ reference }) => reference === image);
      return contract?.data && contract.data.value === undefined;
    });
    if (!unread) throw new Error("every contract was read");
    const good = receipt({ [unread.name]: older(unread.name, "0.1") });
    expect(decide([unread.name], good)).toHaveProperty("refused");
  });

  it("is that of another image", () => {
    const good = receipt({ vaultwarden: "docker.io/other/server:9.0" });
    expect(decide(["vaultwarden"], good)).toHaveProperty("refused");
  });

  it("hinders nobody whose image is the same, by its tag or wholly, or whose older one opens it", () => {
    for (const image of [null, imageOf("vaultwarden")]) {
      const services = { services: expect.arrayContaining(["vaultwarden"]) as string[] };
      expect(decide(["vaultwarden"], receipt({ vaultwarden: image }))).toMatchObject(services);
    }
    const caddy = receipt({ caddy: older("caddy", "2.0.0") });
    expect(decide(["caddy"], caddy)).toMatchObject({ services: ["caddy"] });
  });

  it("hinders nobody who goes forward, after a deployment of an older image", () => {
    const good = receipt({ vaultwarden: older("vaultwarden", "99.0.0") });
    expect(decide(["vaultwarden"], good)).toMatchObject({ services: ["vaultwarden"] });
  });
});
