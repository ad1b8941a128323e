// A deployer that begins while the host puts something back.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { QUIET_SECONDS, type Armed } from "../../../../model/fallback.ts";
import { Containers } from "../../../../programs/boot/fallback/containers.ts";
import { keepServices } from "../../../../programs/boot/fallback/keep.ts";
import { KeptOnDisk } from "../../../../programs/boot/fallback/kept.ts";
import { FallbackWatch } from "../../../../programs/boot/fallback/watch.ts";
import { ImitatedContainers } from "./imitated-engine.ts";

const NAMES = ["mesh", "names"];

it("has the rest for its own: nothing more is put back, and what it keeps stays", async () => {
  const room = mkdtempSync(join(tmpdir(), "homelab-meanwhile-"));
  const folder = join(room, "fallback");
  const kept = new KeptOnDisk({
    folder,
    filesOf: (service) => join(room, "files", service),
    noteOf: (service) => join(room, "notes", service),
  });
  const engine = new ImitatedContainers();
  for (const name of NAMES) engine.add(name);
  await keepServices(NAMES, new Containers(engine), kept, () => Promise.resolve());
  const good = kept.container("names")?.container.Id;
  const services = NAMES.map((name) => ({ name, refused: null, deadlineSeconds: 60 }));
  const armed: Armed = {
    version: 1,
    run: "one",
    since: "x",
    quietSeconds: QUIET_SECONDS,
    services,
  };
  writeFileSync(join(folder, "armed.json"), JSON.stringify(armed));
  engine.all.splice(0, engine.all.length);
  const broken = NAMES.map((name) => engine.add(name, { health: "unhealthy" }));

  const lock = join(room, "lock");
  engine.healthOfStarted = "starting";
  let now = 0;
  const watch = new FallbackWatch(
    {
      ...{ engine, kept, write: () => undefined, isSettled: () => true, signs: [lock] },
      isMaintained: () => false,
      seconds: () => now,
      wait: () => {
        writeFileSync(lock, "two");
        const back = engine.named("mesh");
        if (back) back.health = "healthy";
        return Promise.resolve();
      },
    },
    new AbortController().signal,
  );
  await watch.look();
  now += QUIET_SECONDS;
  await watch.look();
  await watch.look();
  expect(engine.named("mesh")?.id).not.toBe(broken[0]?.id);
  expect(engine.named("names")).toMatchObject({ id: broken[1]?.id, status: "running" });
  expect(kept.armed()?.services.map(({ name }) => name)).toEqual(["names"]);
  expect(kept.container("names")?.container.Id).toBe(good);
});
