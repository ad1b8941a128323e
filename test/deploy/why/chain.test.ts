import { describe, expect, it } from "vitest";
import { reachedFrom } from "../../../model/cause-chain.ts";
import { buildGraph } from "../../../model/graph.ts";
import { closeDisk, container, hostOf, remove, serviceOf, whyOf } from "./small-fleet.ts";

const FIVE = ["one", "two", "three", "four", "five"];

const NAS_AWAY = {
  nas: { away: "ssh", found: "ssh could not\nconnect", hint: "ssh nas true" },
} as const;

/** "web" on one host, the database that it needs on another. */
const across = [
  hostOf("nas", serviceOf("files", "gate:disk"), serviceOf("db", "files")),
  hostOf("docker-vm", serviceOf("api", "nas/db"), serviceOf("web", "api"), serviceOf("job", "web")),
];

describe("the way from a service to its causes", () => {
  it("has a closed gate once, as the one cause, however many services stand behind it", () => {
    const hosts = [
      hostOf(
        "docker-vm",
        ...FIVE.map((name) => serviceOf(name, "gate:disk")),
        serviceOf("web", ...FIVE),
      ),
    ];
    const { causes, chain } = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
      closeDisk(seen);
      for (const name of [...FIVE, "web"]) remove(seen, name);
    });
    expect(causes.map(({ id }) => id)).toEqual(["docker-vm/gate:disk"]);
    expect(causes[0]?.neededBy).toEqual(FIVE.map((name) => `docker-vm/${name}`));
    expect(chain).toHaveLength(7);
  });

  it("leads over hosts", () => {
    const { causes, chain, sentence, next } = whyOf("docker-vm/web", across, (seen) => {
      remove(seen["docker-vm"], "web");
      remove(seen["docker-vm"], "api");
      remove(seen.nas, "db");
      container(seen.nas, "files").State.Status = "paused";
    });
    expect(chain.map(({ id }) => id)).toEqual([
      "docker-vm/web",
      "docker-vm/api",
      "nas/db",
      "nas/files",
    ]);
    expect(causes.map(({ id }) => id)).toEqual(["nas/files"]);
    expect(sentence).toBe(
      "web does not run: it waits for nas/files (through api, nas/db), which is paused",
    );
    expect(next).toBe("ssh nas docker unpause files");
  });

  it("ends at a host that is away, which is the cause", () => {
    const answer = whyOf(
      "docker-vm/web",
      across,
      (seen) => {
        remove(seen["docker-vm"], "web");
        remove(seen["docker-vm"], "api");
      },
      NAS_AWAY,
    );
    expect(answer).toMatchObject({ verdict: "down", exitCode: 1, next: "ssh nas true" });
    expect(answer.causes).toMatchObject([
      { id: "nas", state: "away", detail: "ssh could not connect", neededBy: ["nas/db"] },
    ]);
    expect(answer.sentence).toBe(
      "web does not run: it waits for nas/db (through api) on nas, which is away",
    );
  });

  it("ends at once when the service's own host is away: nothing is known of it", () => {
    const answer = whyOf("nas/db", across, () => undefined, NAS_AWAY);
    expect(answer).toMatchObject({ verdict: "unknown", exitCode: 1, next: "ssh nas true" });
    expect(answer.sentence).toBe("db is out of sight: it is on nas, which is away");
  });

  it("ends likewise at a host whose engine does not answer", () => {
    const found = "Docker does not answer";
    const { causes, next } = whyOf("nas/db", across, () => undefined, {
      nas: { away: "engine", found, hint: "ssh nas systemctl status docker" },
    });
    expect(causes).toMatchObject([{ id: "nas", state: "away", detail: found }]);
    expect(next).toBe("ssh nas systemctl status docker");
  });

  it("names every cause, first what has to be mended first", () => {
    const hosts = [
      hostOf("docker-vm", serviceOf("a"), serviceOf("b", "gate:disk"), serviceOf("web", "a", "b")),
    ];
    const { causes, sentence } = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
      closeDisk(seen);
      for (const name of ["a", "b", "web"]) remove(seen, name);
    });
    expect(causes.map(({ id }) => id)).toEqual(["docker-vm/gate:disk", "docker-vm/a"]);
    expect(sentence).toMatch(/; there is 1 more cause$/);
  });

  it("has what somebody made anew for a cause, although something else is in its way, too", () => {
    const causesOf = (service: string): string[] =>
      whyOf(service, across, (seen) => {
        remove(seen.nas, "files");
        const db = container(seen.nas, "db");
        db.Id = "f".repeat(64);
        db.Config.Labels = {};
        remove(seen["docker-vm"], "api");
      }).causes.map(({ id, state }) => `${id} ${state}`);
    expect(causesOf("nas/db")).toEqual(["nas/db replaced", "nas/files missing"]);
    expect(causesOf("docker-vm/api")).toEqual(["nas/db replaced", "nas/files missing"]);
  });

  it("stops at what is well, whatever is behind that", () => {
    const answer = whyOf("docker-vm/web", across, (seen) => closeDisk(seen.nas));
    expect(answer.verdict).toBe("well");
  });

  it("takes what only has to be started for there although it is unhealthy", () => {
    const hosts = [hostOf("docker-vm", serviceOf("db"), serviceOf("web", "db started"))];
    const { verdict } = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
      container(seen, "db").State.Health = { Status: "unhealthy" };
    });
    expect(verdict).toBe("well");
  });

  it("names what a healthy service goes without, and does not take it for what stopped another", () => {
    const hosts = [hostOf("docker-vm", serviceOf("db"), serviceOf("web", "db softly"))];
    const without = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => remove(seen, "db"));
    expect(without.verdict).toBe("impaired");
    expect(without.sentence).toBe(
      "web runs and is healthy, but it goes without db, which has no container",
    );
    const both = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
      remove(seen, "db");
      remove(seen, "web");
    });
    expect(both.causes.map(({ id, strength }) => `${id} ${strength}`)).toEqual([
      "docker-vm/web hard",
      "docker-vm/db soft",
    ]);
    expect(both.sentence).toBe("web does not run: it has no container");
  });

  it("passes over a device that the last deployment did without, too", () => {
    const hosts = [hostOf("docker-vm", serviceOf("web", "gate:disk softly"))];
    const answer = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
      closeDisk(seen);
      const condition = seen?.observation.conditions["disk"];
      if (condition?.last) condition.last.open = false;
    });
    expect(answer.verdict).toBe("well");
  });

  it("looks only at the hosts of what a service requires", () => {
    const hostsOf = (service: string): string[] => [
      ...new Set([...reachedFrom(buildGraph(across), service)].map((id) => id.split("/")[0] ?? "")),
    ];
    expect(hostsOf("docker-vm/web")).toEqual(["docker-vm", "nas"]);
    expect(hostsOf("nas/db")).toEqual(["nas"]);
  });
});

describe("what a service holds back", () => {
  it("is what cannot start without it and is not well, also behind others", () => {
    const { holdsBack } = whyOf("docker-vm/api", across, ({ "docker-vm": seen }) => {
      for (const name of ["api", "web", "job"]) remove(seen, name);
    });
    expect(holdsBack).toEqual([
      { id: "docker-vm/job", state: "missing" },
      { id: "docker-vm/web", state: "missing" },
    ]);
  });

  it("is nothing that runs all the same", () => {
    const { holdsBack } = whyOf("docker-vm/api", across, ({ "docker-vm": seen }) =>
      remove(seen, "api"),
    );
    expect(holdsBack).toEqual([]);
  });
});
