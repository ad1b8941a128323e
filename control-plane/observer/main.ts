// The Observer's process: `observer <settings file>`. It ends with 0 after SIGTERM, 2 when it cannot
// start; whoever started it starts it again, and it goes on where the log ends.
import type { AddressInfo } from "node:net";
import { UserError } from "../../model/errors.ts";
import { Denials } from "./denials.ts";
import { DISK } from "./disk.ts";
import { makeDoor } from "./door.ts";
import { Observer } from "./observer.ts";
import { placesBelow } from "./places.ts";
import { readSettings, type Settings } from "./settings.ts";
import { readTokens } from "./tokens.ts";

/** The world is at most that much behind what was acknowledged. */
const WORLD_MS = 200;
const LISTEN_MS = 1000;
const CHECKPOINT_MS = 10_000;
const TOKENS_MS = 10_000;
const TRIM_MS = 60_000;
/** A turn that came later than twice its time was no time in which anybody was heard. */
const LONGEST_TURN = 2;

async function main([path]: readonly string[]): Promise<void> {
  if (path === undefined) throw new UserError("HL-OBSERVER", "usage: observer <settings file>");
  const settings = await readSettings(path);
  const places = placesBelow(settings.root);
  const hosts = Object.keys(settings.hosts);
  const denials = new Denials(DISK, places.audit);
  let tokens = await readTokens(DISK, settings.tokens, hosts);
  const observer = await Observer.open(DISK, {
    build: settings.build,
    places,
    keep: settings.keep,
    silentAfterSeconds: Object.fromEntries(
      Object.entries(settings.hosts).map(([host, { silentAfterSeconds }]) => [
        host,
        silentAfterSeconds,
      ]),
    ),
  });
  const health = () => {
    const withoutToken = hosts.filter((host) => !tokens.has(host));
    return observer.health({ denied: denials.count, withoutToken });
  };
  const door = makeDoor({
    build: settings.build,
    tokens: () => tokens,
    take: (batch) => observer.take(batch),
    isWritable: () => health().writable,
    denied: (denial) => denials.note(denial),
  });

  const turns = [
    every(WORLD_MS, () => observer.writeWorld()),
    every(LISTEN_MS, (seconds) => observer.listened(seconds)),
    every(LISTEN_MS, () => keepHealth(places.health, health)),
    every(CHECKPOINT_MS, () => observer.writeCheckpoint()),
    every(TRIM_MS, () => observer.trim()),
    every(TOKENS_MS, async () => {
      denials.settle();
      tokens = await readTokens(DISK, settings.tokens, hosts);
    }),
  ];
  await listen(door, settings.listen);
  say(`${settings.build} listens at port ${(door.address() as AddressInfo).port}`);
  for (const host of hosts.filter((each) => !tokens.has(each))) {
    say(`${host} is refused: ${settings.tokens}/${host} holds no SHA-256 of a token`);
  }

  await new Promise((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  door.close();
  door.closeIdleConnections();
  await Promise.all(turns.map((stop) => stop()));
  await observer.close();
  await denials.written();
  await keepHealth(places.health, health);
}

async function keepHealth(path: string, health: () => object): Promise<void> {
  // Who reads it sees by its time that it is old.
  await DISK.put(path, `${JSON.stringify(health())}\n`, false).catch(() => undefined);
}

function listen(
  door: ReturnType<typeof makeDoor>,
  { address, port }: Settings["listen"],
): Promise<void> {
  return new Promise((resolve, reject) => {
    door.once("error", (error) => {
      reject(new UserError("HL-OBSERVER", `cannot listen at ${address}:${port}: ${error.message}`));
    });
    door.listen(port, address, resolve);
  });
}

/**
 * Runs a task again and again, never two of it at once.
 * @param task is given the seconds since it ran last, bounded
 * @returns ends it, when what runs has ended
 */
function every(ms: number, task: (seconds: number) => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let last = performance.now();
  const timer = setInterval(() => {
    if (running) return;
    const now = performance.now();
    const seconds = Math.min(now - last, LONGEST_TURN * ms) / 1000;
    last = now;
    running = task(seconds)
      .catch((error: unknown) => say(error instanceof Error ? error.message : String(error)))
      .finally(() => (running = undefined));
  }, ms);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

function say(text: string): void {
  process.stdout.write(`observer: ${text}\n`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    const code = error instanceof UserError ? `${error.code}: ` : "";
    process.stderr.write(`observer: ${code}${text}\n`);
    process.exit(2);
  },
);
