// The listener with a login, put together and opened.
import { readFile, stat } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { UserError } from "../../../model/errors.ts";
import { graphSchema } from "../../contract/page-api.ts";
import { readAs } from "../../contract/read-as.ts";
import { StateReader } from "../read-state.ts";
import type { PageSettings } from "../settings.ts";
import { addressOf } from "./addresses.ts";
import { eventsIn } from "./event-log.ts";
import { Feed } from "./feed.ts";
import { historyOf } from "./history.ts";
import { Door } from "./login.ts";
import { PastReader } from "./past.ts";
import { routesOf } from "./routes.ts";
import { makePageServer } from "./server.ts";
import { Sessions } from "./sessions.ts";
import { stateOf } from "./state.ts";
import { readStaticFiles } from "./static-files.ts";
import { readUsers, type Users } from "./users.ts";

/** This often is looked which sessions are over, and whether the users are others. */
const SWEEP_MS = 5000;

/** What the page knows besides its settings. */
export interface Surroundings {
  readonly build: string;
  readonly root: string;
  readonly say: (text: string) => void;
}

/** A page that listens. */
export interface OpenedPage {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Opens it.
 * @throws UserError HL-OPERATOR-UI when something that it needs cannot be read, or its port is taken
 */
export async function openPage(
  settings: PageSettings,
  { build, root, say }: Surroundings,
): Promise<OpenedPage> {
  const { listen, urls, ownHosts } = settings;
  let users = await readUsers(settings.users);
  const files = await readStaticFiles(settings.files);
  const graph = await readGraph(settings.graph);
  const monotonic = (): number => performance.now();
  const sessions = new Sessions(monotonic);
  const reader = new StateReader(root);
  const past = new PastReader(join(root, "events"));
  const app = await makePageServer({
    addresses: urls.map(addressOf),
    ownHosts,
    sessions,
    routes: routesOf({
      files,
      graph,
      sessions,
      feed: new Feed(async () => stateOf(await reader.read(), build, Date.now()), monotonic),
      past: (at) => past.read(at, Date.now()),
      history: (host) => historyOf(root, host, Date.now()),
      events: (query) => eventsIn(join(root, "events"), query),
      door: new Door(() => users, monotonic, say),
    }),
  });
  const watch = await watchUsers(settings.users, (now) => {
    users = now;
    sessions.endAll();
    say("who may log in has changed; everybody has to log in again");
  });
  const sweep = setInterval(() => {
    sessions.sweep();
    void watch();
  }, SWEEP_MS).unref();
  try {
    await app.listen({ host: listen.address, port: listen.port });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const text = `cannot listen at ${listen.address}:${listen.port}: ${why}`;
    throw new UserError("HL-OPERATOR-UI", text);
  }
  return {
    port: (app.server.address() as AddressInfo).port,
    close: async () => {
      clearInterval(sweep);
      sessions.endAll();
      await app.close();
    },
  };
}

/** How to look whether the file with the users is another one. One that cannot be read names nobody. */
async function watchUsers(path: string, changed: (users: Users) => void) {
  const stampOf = (): Promise<string> =>
    stat(path).then(
      ({ ino, size, mtimeMs, mode }) => `${ino} ${size} ${mtimeMs} ${mode}`,
      () => "gone",
    );
  let known = await stampOf();
  return async (): Promise<void> => {
    const stamp = await stampOf();
    if (stamp === known) return;
    known = stamp;
    changed(await readUsers(path).catch(() => new Map() as Users));
  };
}

/** The graph as it was written, once it was seen to be one. */
async function readGraph(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  const graph = readAs(graphSchema, text);
  if (!graph) throw new UserError("HL-OPERATOR-UI", `${path} is no graph; a deployment writes it`);
  return JSON.stringify(graph);
}
