import { describe, expect, it } from "vitest";
import { driftOfAll } from "../../../control-plane/supervisor/drift.ts";
import { after, Home, made, repositoryOf, SMALL } from "./imitated-home.ts";

const home = (): Home => new Home(repositoryOf(SMALL));
const drift = ({ desired, worlds }: Home, before: ReturnType<typeof driftOfAll> = []) =>
  driftOfAll(desired, worlds, before);

describe("the drift of a home", () => {
  it("is none while every host is as declared, and says by which look", () => {
    for (const { withheld, looked, differences } of drift(home())) {
      expect([withheld, looked, differences]).toEqual([null, after(-3600), []]);
    }
  });

  it("names what is declared and what is there, by fingerprint or digest, in maintenance too", () => {
    const one = home();
    const [first] = drift(one);
    const on = first!.host;
    const [name = "", service] = Object.entries(one.world(on).services)[0]!;
    const container = { ...service.container!, digest: made("other") };
    one.change(on, {
      maintenance: { reason: "a disk", by: "anna", until: null, at: after(0) },
      services: { ...one.world(on).services, [name]: { ...service, container } },
    });
    expect(drift(one)[0]).toMatchObject({
      withheld: null,
      differences: [
        {
          service: name,
          kind: "image",
          declared: service.container!.digest,
          found: made("other"),
        },
      ],
    });
  });

  it("of a host that nobody knows is what was found before, and says why", () => {
    const one = home();
    const [first] = drift(one);
    const on = first!.host;
    one.change(on, { plan: { digest: "0".repeat(16), commit: null, at: after(0) } });
    const found = drift(one);
    expect(found[0]?.differences).toMatchObject([{ service: null, kind: "plan" }]);
    one.change(on, { gap: { since: after(5), reason: "cut" } });
    expect(drift(one, found)[0]).toEqual({
      ...found[0],
      withheld: "nobody knows how it is now",
    });
    one.worlds.delete(on);
    expect(drift(one)[0]).toMatchObject({ withheld: "it was never heard", looked: null });
  });
});
