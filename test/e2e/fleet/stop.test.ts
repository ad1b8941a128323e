import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BOOT_UNIT } from "../../../model/boot.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { HOSTS, type HostName } from "../../../model/host-names.ts";
import { stopSeconds } from "../../../model/stop-time.ts";
import { IMAGES } from "../../../sandbox/images/manifest.ts";
import { declaredHost } from "../support/declared.ts";
import { containers, on, openLab, tryOn, type Lab } from "../support/lab.ts";
import { stopTimesPage, type StopTime } from "./stop-page.ts";

/** How a container ended, with all that the claims below ask about. */
interface Stop extends StopTime {
  readonly service: ServiceDeclaration;
  /** Its last line. */
  readonly said: string;
}

/** 0: it ended. 143: nothing to do but end, at SIGTERM. 2: the same, for a Go program (Go runtime). */
const ENDED_BY_ITSELF = [0, 143, 2];

/** As many at once as a machine of two cores keeps up with. */
const AT_ONCE = 6;

/** Prints "<name> <time it has> <milliseconds it took> <exit code> <last line>". */
const STOP = `began=$(date +%s%N)
docker stop "$1" >/dev/null || exit 1
took=$((($(date +%s%N) - began) / 1000000))
facts=$(docker container inspect --format "{{.Config.StopTimeout}} $took {{.State.ExitCode}}" "$1")
echo "$1 $facts $(docker logs --tail 1 "$1" 2>&1 | tr -d '\\r')"`;

let lab: Lab;
let stops: readonly Stop[];

/** Stops every container of a host without naming a time, as a reboot or a person does. */
async function stopAll(host: HostName): Promise<Stop[]> {
  const { services } = await declaredHost(lab, host);
  const names = services.map(({ name }) => name).join("\n");
  const lines = await on(
    lab,
    host,
    `xargs -P ${AT_ONCE} -n 1 sh -c '${STOP.replaceAll("'", `'\\''`)}' stop <<'NAMES'\n${names}\nNAMES`,
  );
  const facts = new Map(lines.split("\n").map((line) => [line.split(" ")[0] ?? "", line]));
  return services.map((service) => {
    const [, known, took, exitCode, ...said] = (facts.get(service.name) ?? "").split(" ");
    return {
      id: `${host}/${service.name}`,
      image: service.image,
      service,
      known: Number(known),
      seconds: Number(took) / 1000,
      exitCode: Number(exitCode),
      said: said.join(" "),
    };
  });
}

function onEach<T>(what: (host: HostName) => Promise<T>): Promise<T[]> {
  return Promise.all(HOSTS.map(what));
}

beforeAll(async () => {
  lab = await openLab();
  try {
    stops = (await onEach(stopAll)).flat();
  } finally {
    // In the order of the graph, as after a reboot.
    await onEach((host) => tryOn(lab, host, `systemctl restart ${BOOT_UNIT}`));
  }
});

afterAll(async () => {
  if (process.env["HOMELAB_WRITE_DOCS"] === undefined) return;
  const page = join(lab.settings.checkout, "docs", "stop-times.md");
  await writeFile(page, stopTimesPage(stops, IMAGES));
});

describe("every container of the homelab, when it is asked to stop", () => {
  it("has the time it declared, and the engine knows it", () => {
    expect(stops.length).toBeGreaterThan(0);
    expect(stops.filter(({ service, known }) => known !== stopSeconds(service))).toEqual([]);
  });

  it("ends by itself within that time", () => {
    const killed = stops.filter(
      ({ service, seconds, exitCode }) =>
        !ENDED_BY_ITSELF.includes(exitCode) || seconds >= stopSeconds(service),
    );
    expect(
      killed.map(({ id, seconds, exitCode, said }) => ({ id, seconds, exitCode, said })),
    ).toEqual([]);
  });

  it("is healthy again when its host started it in order", async () => {
    await onEach(async (host) => {
      const running = await containers(lab, host);
      expect([...running].filter(([, status]) => !status.includes("(healthy)"))).toEqual([]);
    });
  });
});

describe("every PostgreSQL of the homelab", () => {
  it("was shut down properly, and starts without a recovery", async () => {
    const databases = stops.filter(({ service }) => service.databaseRole !== undefined);
    expect(databases.length).toBeGreaterThanOrEqual(3);
    for (const { id, exitCode, service } of databases) {
      expect(exitCode, id).toBe(0);
      const [host] = id.split("/") as [HostName];
      const since = `$(docker container inspect --format '{{.State.StartedAt}}' ${service.name})`;
      const log = await on(lab, host, `docker logs --since "${since}" ${service.name} 2>&1`);
      expect(log, id).toContain("database system was shut down at");
      expect(log, id).not.toContain("was not properly shut down");
    }
  });
});
