// A small home of which an imitated ntfy is told. Time is the test's; only sending takes real time.
import { afterEach, vi } from "vitest";
import { Notifier } from "../../../../control-plane/supervisor/notify/notifier.ts";
import { post } from "../../../../control-plane/supervisor/notify/post.ts";
import type {
  NotifySettings,
  Target,
} from "../../../../control-plane/supervisor/notify/settings.ts";
import { memoryDisk } from "../../imitated-memory.ts";
import { smallHome, START, type Home } from "../imitated-home.ts";
import { ImitatedNtfy, TOKEN, TOPICS } from "./imitated-ntfy.ts";

/** How long is waited for what is sent. */
export const WAIT = { timeout: 30_000, interval: 5 };
const QUICK = { firstMs: 2, longestMs: 10 };
const ROOT = "/opt/homelab";
const TOKEN_FILE = "/run/secrets/ntfy-token";

const toClose: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** A home that is told of, known and well. @param more targets beside ntfy */
export async function toldHome(home: Home = smallHome(), more: readonly Target[] = []) {
  const ntfy = await new ImitatedNtfy().comes();
  const disk = memoryDisk();
  const complaints: string[] = [];
  const token = (text: string): void => disk.write(TOKEN_FILE, `${text}\n`);
  token(TOKEN);
  const now = (): number => START + home.time * 1000;
  const target: Target = {
    kind: "ntfy",
    name: "ntfy",
    url: ntfy.url,
    topics: TOPICS,
    tokenFile: TOKEN_FILE,
  };
  const settings: NotifySettings = {
    version: 1,
    targets: [target, ...more],
    digest: { weekday: 1, hour: 8 },
    tellAfterSeconds: 60,
    endAfterSeconds: 600,
    deadAfterDays: 3,
  };
  const complain = (message: string): void => void complaints.push(message);
  const around = { disk, root: ROOT, post, now, settings, complain, pauses: QUICK };
  let notifier = new Notifier(around);
  const waiting = (name = "ntfy"): string[] => disk.list(`${ROOT}/outbox/${name}`);
  const told = {
    home,
    ntfy,
    complaints,
    now,
    /** What stands in the token's file from now on. */
    token,
    waiting,
    /** What was given up, as it lies there. */
    dead: () => waiting("dead").map((name) => disk.read(`${ROOT}/outbox/dead/${name}`) ?? ""),
    /** What is known of what was told is something else. */
    spoil: (text: string) => disk.write(`${ROOT}/outbox/told.json`, text),
    /** The Supervisor starts again. */
    restart: () => {
      notifier.stop();
      notifier = new Notifier(around);
    },
    /** The Supervisor compares every so many seconds for so long. */
    pass: (seconds: number, step = 5) => {
      for (let passed = 0; passed < seconds; passed += step) {
        const { memory: before, queue } = home;
        const found = home.look(step);
        const { desired, worlds } = home;
        notifier.tell({ desired, worlds, queue, before, found, now: now() });
      }
    },
    /** The Supervisor cannot tell for so long. */
    blind: (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 10) {
        home.time += 10;
        notifier.blind("nothing is heard of the Observer", now());
      }
    },
    /** Waits until nothing waits for ntfy any more; answers what it took since the last time. */
    sent: async () => {
      await vi.waitFor(() => {
        if (waiting().length > 0) throw new Error(`${waiting().length} messages wait`);
      }, WAIT);
      return ntfy.taken.splice(0);
    },
    /** Likewise, in short. */
    said: async (): Promise<string[]> =>
      (await told.sent()).map(({ title, tags }) => `${tags.join()}: ${title}`),
  };
  toClose.push(
    () => notifier.stop(),
    () => ntfy.goes(),
  );
  told.pass(1);
  return told;
}
