import { describe, expect, it } from "vitest";
import { longestAge } from "../../../control-plane/supervisor/copies.ts";
import { hostOf, serviceOf } from "../../deploy/why/small-fleet.ts";
import { toldHome } from "./notify/told-home.ts";
import { after, Home, made, repositoryOf, said } from "./imitated-home.ts";
import { jobNamed, KEPT } from "./kept-fleet.ts";

const MINUTE = 60;
const HOUR = 3600;

/** What every job on another host sends to. */
const STORE = { on: "nas/store", condition: "healthy", strength: "soft", why: "keeps it" } as const;

function home(): Home {
  return new Home(repositoryOf([KEPT]));
}

describe("a copy that is too old", () => {
  it("is made anew, once its job left a night out, and touches no service", () => {
    const nas = home();
    nas.change("nas", { backups: { "db-backup": { ageSeconds: 26 * HOUR, at: after(0) } } });
    expect(nas.look().actions).toEqual([]);
    const [action] = nas.during(3 * HOUR, 60);
    expect(action).toMatchObject({
      binding: {
        verb: "run-backup",
        target: "db-backup",
        digests: [made("docker.io/library/db-backup:1")],
      },
      risk: "low",
      blastRadius: { restarts: [], degrades: [], data: [] },
    });
    expect(action?.reason).toBe("nas/db-backup made its last copy 27 h ago");
  });

  it("is not missed while its job is new", () => {
    const nas = home();
    nas.change("nas", { backups: { "db-backup": { ageSeconds: null, at: after(0) } } });
    expect(nas.during(20 * HOUR, 600)).toEqual([]);
    expect(said(nas.during(10 * HOUR, 600))).toContain("nas run-backup db-backup");
  });

  it.each([
    ["0 3 * * *", 27],
    ["30 * * * *", 3],
    ["0 3 * * 0", 7 * 24 * 1.125],
    ["0 3 1 * *", 31 * 24 * 1.125],
  ])("is, by the schedule %j, one of more than %d hours", (schedule, hours) => {
    expect(longestAge(schedule)).toBe(hours * HOUR);
  });
});

describe("a run that made no good copy", () => {
  const failed = "the repository cannot be opened";
  const at = after(0);

  it("is one message that says why, also when the job's check fails of it later, and one end", async () => {
    const { home: nas, pass, said: told } = await toldHome(home());
    nas.change("nas", { backups: { "db-backup": { ageSeconds: HOUR, failed, at } } });
    pass(2 * MINUTE);
    nas.becomes("nas/db-backup", "unhealthy");
    pass(40 * MINUTE);
    expect(await told()).toEqual([`began: nas/db-backup made no good copy: ${failed}`]);
    nas.change("nas", { backups: { "db-backup": { ageSeconds: 0, at } } });
    pass(MINUTE);
    nas.becomes("nas/db-backup", "healthy");
    pass(12 * MINUTE);
    expect(await told()).toEqual(["ended: nas/db-backup is well again"]);
  });

  it("is recommended to be run again", () => {
    const nas = home();
    nas.change("nas", { backups: { "db-backup": { ageSeconds: HOUR, failed, at } } });
    expect(said(nas.during(2 * MINUTE, 5))).toContain("nas run-backup db-backup");
  });

  it("is a symptom of what keeps its job from the copies, and no message of its own", async () => {
    const vm = hostOf("docker-vm", { ...jobNamed("web-backup"), requires: [STORE] });
    const {
      home: both,
      pass,
      said: told,
    } = await toldHome(new Home(repositoryOf([hostOf("nas", serviceOf("store")), vm])));
    both.unplug("nas");
    both.change("docker-vm", { backups: { "web-backup": { ageSeconds: HOUR, failed, at } } });
    pass(10 * MINUTE);
    expect(await told()).toEqual(["began: nas is not heard of any more"]);
  });

  it("is not told beside its own container that does not run", async () => {
    const { home: nas, pass, said: told } = await toldHome(home());
    nas.becomes("nas/db-backup", "exited");
    nas.change("nas", { backups: { "db-backup": { ageSeconds: HOUR, failed, at } } });
    pass(5 * MINUTE);
    expect(await told()).toEqual(["began: nas/db-backup exited"]);
  });
});
