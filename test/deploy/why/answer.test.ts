import { describe, expect, it } from "vitest";
import { whyText } from "../../../cli/why/text.ts";
import { whyAnswerSchema } from "../../../deploy/why/answer.ts";
import { buildGraph } from "../../../model/graph.ts";
import { hosts as fleet } from "../../support/fleet.ts";
import {
  answersOf,
  before,
  closeDisk,
  container,
  hostOf,
  remove,
  serviceOf,
  whyOf,
} from "./small-fleet.ts";

const hosts = [hostOf("docker-vm", serviceOf("db", "gate:disk"), serviceOf("web", "db"))];

/** How a container is after three hours without a failure, but for one a while ago. */
const HEALTHY = {
  Status: "running",
  StartedAt: before(10800),
  Health: {
    Status: "healthy",
    FailingStreak: 0,
    Log: [
      { Start: before(400), ExitCode: 1, Output: "busy" },
      { Start: before(300), ExitCode: 0, Output: "" },
      { Start: before(30), ExitCode: 0, Output: "" },
    ],
  },
};

describe("the answer about a service that is well", () => {
  const answer = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
    container(seen, "web").State = structuredClone(HEALTHY);
  });

  it("says for how long it has been healthy, as far as the engine knows, and exits 0", () => {
    expect(answer).toMatchObject({ verdict: "well", exitCode: 0, causes: [], next: null });
    expect(whyText(answer)).toBe(`web is well: it is healthy for at least 5 min, running for 3 h.

docker-vm/web: stack apps/web, phase 9, image docker.io/library/web:1
`);
  });

  const ids = [...buildGraph(fleet).nodes.values()].flatMap(({ id, kind }) =>
    kind === "service" ? [id] : [],
  );
  it("is that of all services of a fleet that is as declared", () => {
    const answer = answersOf(fleet);
    const notWell = ids.filter((id) => answer(id).verdict !== "well");
    expect(notWell).toEqual([]);
    expect(ids).toHaveLength(fleet.flatMap(({ services }) => services).length);
  });
});

describe("what differs from the declaration", () => {
  it("makes a healthy service impaired, and is named", () => {
    const answer = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
      container(seen, "web").HostConfig.Memory = 1024 * 1024;
    });
    expect(answer).toMatchObject({
      verdict: "impaired",
      exitCode: 2,
      next: "pulumi up -s docker-vm",
      differences: [
        { name: "web", field: "memory", declared: "64 MiB", found: "1 MiB" },
        { name: "web", field: "swap" },
      ],
    });
    expect(answer.sentence).toBe(
      "web runs and is healthy, but not as it is declared: memory, swap",
    );
  });

  it("is told of the service, its causes and what they use, and of nothing beside", () => {
    const { differences } = whyOf("docker-vm/web", hosts, ({ "docker-vm": seen }) => {
      remove(seen, "web");
      closeDisk(seen);
      container(seen, "db").State.Status = "paused";
      seen?.networks.splice(0);
    });
    expect(differences.map(({ kind, name, change }) => `${kind} ${name} ${change}`)).toEqual([
      "gate disk changed",
      "network apps-net missing",
      "container web missing",
    ]);
  });

  it("says in one row that nothing was deployed on the host", () => {
    const { differences, sentence, next } = whyOf("docker-vm/web", hosts, (all) => {
      const seen = all["docker-vm"];
      if (!seen) return;
      seen.containers = [];
      seen.planDigest = undefined;
      seen.observation.files = {};
      seen.observation.containers = {};
    });
    expect(differences).toMatchObject([{ kind: "host", change: "missing", field: "deployment" }]);
    expect(sentence).toBe("web does not run: it waits for db, which has no container");
    expect(next).toBe("pulumi up -s docker-vm");
  });
});

describe("the answer", () => {
  const answer = whyOf("docker-vm/db", hosts, ({ "docker-vm": seen }) => {
    closeDisk(seen);
    remove(seen, "db");
    remove(seen, "web");
  });

  it("is what its schema says", () => {
    expect(whyAnswerSchema.parse(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
  });

  it("has for a person a verdict, the way to the cause, what to do, what waits, and one command", () => {
    expect(whyText(answer)).toBe(
      `db does not run: it waits for gate disk, which is closed: "/srv/disk is not the folder that was made".

docker-vm/db: stack apps/db, phase 9, image docker.io/library/db:1

       WHAT                 STATE    NEEDED BY     SEEN
       docker-vm/db         missing  -             has no container
cause  docker-vm/gate:disk  closed   docker-vm/db  is closed: "/srv/disk is not the folder that was made"

docker-vm/gate:disk: mount the disk

2 differences from what is declared
WHAT               NAME  FIELD      DECLARED  FOUND
gate changed       disk  condition  open      closed: /srv/disk is not the folder that was made
container missing  db    container  running   held back by gate disk

holds back: docker-vm/web (missing)

-> npx homelab check docker-vm
`,
    );
  });
});
