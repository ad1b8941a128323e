// Brings log, markers and state of a run to the host while it goes on.
import { HostError, UserError } from "../../model/errors.ts";
import type { HostShell } from "./host-files.ts";
import { logLines, sentenceOf, type Happening, type LogEvent } from "./log.ts";
import { Outbox } from "./outbox.ts";
import type { Places } from "./places.ts";
import { stamp, type Marker, type RunFacts } from "./state.ts";
import { STAGES, type Stage } from "./stage.ts";

/** How often the mark of a deployment is renewed, which counts for DEPLOYING_LIMIT_SECONDS. */
const RENEW_MS = 120_000;

/** Keeps a run's log and state. */
export interface Journal {
  /** Path of the log on the host. */
  readonly log: string;
  /** Writes something down. It is on the host after the next `flush`. */
  note(happening: Happening): void;
  /** A service is ready; the host hears of it in a moment, and nobody waits for that. */
  ready(service: string): void;
  /** Clears what an earlier run left, and says what this one is about, with the first stage. */
  begin(run: RunFacts): void;
  /** The stage is under way from now on. */
  enter(stage: Stage): Promise<void>;
  /** A stage is complete, and the next one under way, if there is one. */
  complete(stage: Stage, marker: Marker, next: Stage | undefined): Promise<void>;
  /** A stage that was complete has to be done again. The host hears of it with the next `flush`. */
  undo(stage: Stage): void;
  /** Another file, to be on the host after the next `flush`. */
  keep(path: string, text: string): void;
  /**
   * Everything that was noted is on the host after this.
   * @throws HostError when it is not
   */
  flush(): Promise<void>;
  /**
   * Ends what goes on by itself; nothing comes to the host after this.
   * @returns the files that did not come to the host, by their paths there
   */
  close(): Promise<ReadonlyMap<string, string>>;
}

/** What a journal is kept of, and with. */
export interface JournalArgs {
  readonly run: Pick<RunFacts, "id" | "host">;
  readonly began: Date;
  readonly shell: HostShell;
  readonly places: Places;
  /** Script that renews the mark of the deployment. */
  readonly renewMark: string;
  /** The command that goes on after a failure. */
  readonly again: string;
  /** Takes secrets out of a text. */
  readonly mask: (text: string) => string;
  /** Told each line as it is noted. */
  readonly say: (line: string) => void;
}

/** Opens the journal of a run; nothing is on the host yet. */
export function openJournal(args: JournalArgs): Journal {
  const { run, began, shell, places, renewMark, again, mask, say } = args;
  const log = `${places.logs}/deploy_${stamp(began)}.log`;
  const outbox = new Outbox(run.host, shell, renewMark, again);
  const renewal = setInterval(() => outbox.later(), RENEW_MS);
  let text = "";
  const enter = (stage: Stage): Promise<void> => {
    outbox.put(places.currentStage, `${stage}\n`);
    return outbox.flush();
  };
  return {
    log,
    note: (happening) => {
      const event = masked(happening, mask);
      const facts = { version: 1, time: new Date().toISOString(), run: run.id, host: run.host };
      text += logLines({ ...facts, ...event } as LogEvent);
      outbox.put(log, text);
      say(`[${run.host}] ${sentenceOf(event)}`);
    },
    ready: (service) => {
      outbox.put(places.lastService, `${service}\n`);
      outbox.later();
    },
    begin: (facts) => {
      outbox.remove([...STAGES.map(places.complete), places.lastService]);
      outbox.put(places.run, `${JSON.stringify(facts)}\n`);
    },
    enter,
    complete: (stage, marker, next) => {
      outbox.put(places.complete(stage), `${JSON.stringify(marker)}\n`);
      return next === undefined ? outbox.flush() : enter(next);
    },
    undo: (stage) => outbox.remove([places.complete(stage)]),
    keep: (path, content) => outbox.put(path, content),
    flush: () => outbox.flush(),
    close: () => {
      clearInterval(renewal);
      return outbox.close();
    },
  };
}

/** An event of which no text holds a secret. */
function masked(happening: Happening, mask: (text: string) => string): Happening {
  return "message" in happening ? { ...happening, message: mask(happening.message) } : happening;
}

/** The code of an error of ours, and what it says. */
export function errorFacts(error: unknown): { code: string | null; message: string } {
  if (error instanceof HostError || error instanceof UserError) {
    return { code: error.code, message: error.message };
  }
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: null, message: `a mistake in homelab itself, please report it: ${said}` };
}
