import { describe, expect, it } from "vitest";
import { Home, made, repositoryOf } from "./imitated-home.ts";
import { KEPT } from "./kept-fleet.ts";

function home(): Home {
  return new Home(repositoryOf([KEPT]));
}

describe("an image whose data is copied", () => {
  it("is of high risk to change, names the data, and the way back is the copy", () => {
    const nas = home();
    const container = nas.world("nas").services["db"]?.container ?? null;
    nas.becomes("nas/db", "healthy", {
      container: container && { ...container, digest: made("old") },
    });
    const [action] = nas.during(120, 5);
    expect(action).toMatchObject({
      binding: { verb: "update-image", target: "db" },
      risk: "high",
      blastRadius: { restarts: ["nas/db"], degrades: ["nas/web"], data: ["db-data"] },
      reversibility: { kind: "by-copy" },
    });
  });
});

describe("what an interruption of costs much", () => {
  it("is of medium risk to restart", () => {
    const nas = home();
    nas.becomes("nas/web", "unhealthy");
    expect(nas.during(120, 5)).toMatchObject([{ binding: { verb: "restart" }, risk: "medium" }]);
  });
});

describe("a container that nobody has looked at yet", () => {
  it("is waited for: an event alone says neither what it is made from nor of which image", () => {
    const nas = home();
    const container = nas.world("nas").services["db"]?.container ?? null;
    const unseen = container && { ...container, digest: null, spec: null, startedAt: null };
    nas.becomes("nas/db", "exited", { container: unseen });
    expect(nas.during(120, 5)).toEqual([]);
    expect(nas.look().incidents[0]?.withheld).toBe("it was not looked at yet");
  });
});
