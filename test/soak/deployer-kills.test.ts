// `homelab deploy` of all hosts, killed at random moments and resumed. Rounds add up over runs.
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { seeded, shuffled } from "../../bench/soak-scenarios.ts";
import { eventsIn } from "../../deploy/staged/log.ts";
import { placesBelow } from "../../deploy/staged/places.ts";
import { STAGES } from "../../deploy/staged/stage.ts";
import { HOSTS, type HostName } from "../../model/host-names.ts";
import { ROOT } from "../../model/paths.ts";
import { declaredHost } from "../e2e/support/declared.ts";
import { containerIds, containers, homelab, on, openLab, type Lab } from "../e2e/support/lab.ts";
import { plannedChanges } from "../e2e/support/planned-changes.ts";
import { addRound, earlierRows } from "./support/kills-page.ts";

/** Rounds of this run; each takes one to two minutes. */
const ROUNDS = Number(process.env["HOMELAB_SOAK_ROUNDS"] ?? 10);

/** A deployment that makes a few containers anew on each host takes about as long. */
const LONGEST_MS = 60_000;

/** So many containers are removed from each host, at most. */
const MOST_REMOVED = 3;

const PLACES = placesBelow(ROOT);

type Ids = Readonly<Record<HostName, Record<string, string>>>;

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});

/** Asks every host at once. */
async function ofEach<T>(what: (host: HostName) => Promise<T>): Promise<Record<HostName, T>> {
  const all = await Promise.all(HOSTS.map(async (host) => [host, await what(host)] as const));
  return Object.fromEntries(all) as Record<HostName, T>;
}

/** Removes some containers of each host, and answers which. */
async function broken(random: () => number): Promise<Record<HostName, string[]>> {
  const picked = Object.fromEntries(
    HOSTS.map((host) => [host, [random(), random()] as const]),
  ) as Record<HostName, readonly [number, number]>;
  return ofEach(async (host) => {
    const [how, seed] = picked[host];
    const names = (await declaredHost(lab, host)).services.map(({ name }) => name);
    const some = shuffled(names, seeded(Math.floor(seed * 2 ** 32)));
    const gone = some.slice(0, 1 + Math.floor(how * MOST_REMOVED));
    await on(lab, host, `docker rm --force ${gone.join(" ")}`);
    return gone;
  });
}

/** A run of all hosts that goes on while a test does something else. */
function begun() {
  const options = { cwd: lab.settings.checkout, stdio: "ignore", reject: false } as const;
  return execa("node", ["cli/homelab.mjs", "deploy", "--offline"], { env: lab.env, ...options });
}

/** Kills a process, and what it started if that is to go with it; answers whether it was still there. */
async function killed(run: ReturnType<typeof begun>, withChildren: boolean): Promise<boolean> {
  const listed = await execa("pgrep", ["--parent", String(run.pid)], { reject: false });
  const isThere = run.kill("SIGKILL");
  const children = withChildren ? listed.stdout.split("\n").filter((pid) => pid !== "") : [];
  if (children.length > 0) await execa("kill", ["-KILL", ...children], { reject: false });
  return (await run).signal === "SIGKILL" && isThere;
}

/** The services that the log of a host's last run says are ready and were made anew. */
async function madeReady(host: HostName, since: number): Promise<string[]> {
  const newest = await on(lab, host, `ls -1 ${PLACES.logs}/deploy_*.log | tail -n 1 | xargs cat`);
  return eventsIn(newest).flatMap((event) =>
    event.event === "service-ready" && event.changed && Date.parse(event.time) > since
      ? [event.service]
      : [],
  );
}

async function reached(): Promise<string> {
  const held = await ofEach((host) =>
    on(lab, host, `[ ! -e ${PLACES.lock} ] || cat ${PLACES.currentStage}`),
  );
  const last = HOSTS.filter((host) => held[host] !== "").map((host) => `${host} ${held[host]}`);
  return last.join(", ") || "no lock yet";
}

/** What is not as it has to be after the resumed run. */
async function problemsOf(ids: Ids, mayChange: Readonly<Record<HostName, readonly string[]>>) {
  const found = await ofEach(async (host) => {
    const problems: string[] = [];
    const running = await containers(lab, host);
    for (const { name } of (await declaredHost(lab, host)).services) {
      const status = running.get(name) ?? "gone";
      if (!status.includes("(healthy)")) problems.push(`${name} is ${status}`);
    }
    const now = await containerIds(lab, host);
    for (const [name, id] of Object.entries(ids[host])) {
      if (now[name] !== id && !mayChange[host].includes(name))
        problems.push(`${name} was made anew`);
    }
    const files = (await on(lab, host, `ls -1 ${PLACES.state}`)).split("\n");
    for (const stage of STAGES)
      if (!files.includes(`stage_${stage}_complete`)) problems.push(`${stage} is not complete`);
    for (const name of files.filter((one) => /\.new$|torn|^lock$/.test(one)))
      problems.push(`${name} is left`);
    const mark = await on(lab, host, `[ ! -e ${PLACES.deploying} ] || echo left`);
    if (mark !== "") problems.push("the mark is left");
    const changes = await plannedChanges(lab, host);
    if (changes.length > 0) problems.push(`a preview would change ${changes.join(", ")}`);
    return problems.map((problem) => `${host}: ${problem}`);
  });
  return HOSTS.flatMap((host) => found[host]);
}

const first = earlierRows().length + 1;
const numbers = Array.from({ length: ROUNDS }, (_, index) => first + index);

describe("a deployment of all hosts that is killed at a random moment", () => {
  it.each(numbers)(
    "is resumed by one command, and leaves nothing behind (round %i)",
    async (number) => {
      const random = seeded(number);
      const removed = await broken(random);
      const withChildren = random() < 0.5;
      const began = Date.now();
      const run = begun();
      const moment = random() * LONGEST_MS;
      await Promise.race([sleep(moment), run]);
      const killedAfter = (Date.now() - began) / 1000;
      const wasThere = await killed(run, withChildren);
      const where = wasThere ? await reached() : "its end: it was over before";
      const ids = await ofEach((host) => containerIds(lab, host));
      const ready = await ofEach((host) => madeReady(host, began));
      const resumed = await homelab(lab, ["deploy", "--resume", "--offline"]);
      const mayChange = await ofEach((host) =>
        Promise.resolve(removed[host].filter((name) => !ready[host].includes(name))),
      );
      const problems = await problemsOf(ids, mayChange);
      if (resumed.code !== 0) problems.unshift(`--resume ended with ${resumed.code}`);
      const { stdout: commit } = await execa("git", ["rev-parse", "--short", "HEAD"]);
      const count = HOSTS.reduce((sum, host) => sum + removed[host].length, 0);
      addRound({
        ...{ number, killedAfter, withChildren, reached: where, removed: count, problems, commit },
        resumedSeconds: resumed.seconds,
      });
      expect(problems, resumed.output.slice(-4000)).toEqual([]);
    },
  );
});
