// The control plane's foot on this host: tells its Observer what is seen here, where one is set up.
// Whatever goes wrong in it is nothing to the boot.
import { randomBytes } from "node:crypto";
import { disk } from "../../../control-plane/disk/disk.ts";
import type { HostPlan } from "../../../model/host-plan.ts";
import type { ToldBoot } from "../../../control-plane/contract/host-history.ts";
import {
  AWAY_RECORD,
  deployLogs,
  OBSERVER_SETTINGS,
  RECEIPTS,
  verifiedRecord,
} from "../../../model/paths.ts";
import type { BootState } from "../boot-state.ts";
import type { Engine } from "../engine.ts";
import type { Line } from "../line.ts";
import { wait } from "../wait.ts";
import { watchForAway } from "./away-watch.ts";
import { BootTimeline } from "./boot-timeline.ts";
import { nearestEnd, type KnownCertificates } from "./certificate.ts";
import { lookAtContainers } from "./containers.ts";
import { copyFolders, readCopies } from "./copies.ts";
import { ToldDeployments } from "./deployments.ts";
import { listen } from "./ears.ts";
import { lookOf } from "./look.ts";
import { readMarks, type Marks } from "./marks.ts";
import { FOOT_PACE, type FootPace } from "./pace.ts";
import { newestReceipts, readReceipt } from "./receipts.ts";
import { Sender } from "./sender.ts";
import { observerSettings, readSettings, type Address, type ObserverSettings } from "./settings.ts";
import { answersAt, postTo } from "./signs-of-life.ts";
import { changesBetween, NOTHING_STANDS, standingIn, type Standing } from "./standing.ts";
import { ToldCopies } from "./told-copies.ts";

/** What the foot needs from the world. */
export interface FootSurroundings {
  readonly host: string;
  /** What the program was built from. */
  readonly build: string;
  /** Id of the kernel's boot. */
  readonly boot: string;
  readonly engine: Pick<Engine, "get" | "follow">;
  /** The host plan; undefined where there is none that can be read. */
  readonly plan: () => Promise<HostPlan | undefined>;
  readonly write: (line: Line) => void;
  /** Folder of the deployments' receipts. @default that of this host */
  readonly receipts?: string;
  /** Folder of the deployments' logs. @default that of this host */
  readonly deployLogs?: string;
  /** Where it stands what came of a job's compared restore. @default that of this host */
  readonly verified?: (job: string) => string;
  /** @default the marks on this host */
  readonly marks?: () => Marks;
  /** Path of the settings. @default /etc/homelab/observer.json */
  readonly settings?: string;
  /** Path of what was told of the Observer's host. @default /opt/homelab/state/told-away */
  readonly awayRecord?: string;
  /** @default FOOT_PACE */
  readonly pace?: FootPace;
}

/** Whom it tells now, and what ends that. */
interface Telling {
  readonly sender: Sender;
  readonly copies: ToldCopies;
  readonly deployments: ToldDeployments;
  readonly over: AbortController;
}

/** Tells while there are settings that say whom. */
export class Foot {
  readonly #around: FootSurroundings;
  readonly #pace: FootPace;
  readonly #marks: () => Marks;
  #standing: Standing = NOTHING_STANDS;
  #plan: BootState["plan"] | undefined;
  #telling: Telling | undefined;
  /** What the settings said last. */
  #known = "";
  #marked = "";
  readonly #timeline = new BootTimeline();
  /** The last boot; undefined when this program was started after it. */
  #boot: ToldBoot | undefined;
  /** Names of the receipts that were told. */
  #receipts: ReadonlySet<string> = new Set();
  #complained = false;

  constructor(around: FootSurroundings) {
    this.#around = around;
    this.#pace = around.pace ?? FOOT_PACE;
    this.#marks = around.marks ?? readMarks;
  }

  /** Looks at the settings now and then until the signal comes, and tells what they say. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#turn().catch((error: unknown) => this.#complain(error));
      await wait(this.#pace.turnMs, signal);
    }
    this.#telling?.over.abort();
  }

  /** Something was done here, and what came of it is to be seen. */
  lookAnew(): void {
    this.#telling?.sender.wantLook();
  }

  /**
   * The orchestrator went a step, and goes on whatever becomes of it here.
   * @param seconds since its run began
   */
  observe(state: BootState, seconds: number): void {
    try {
      this.#follow(state);
      const boot = this.#timeline.note(state, seconds, Date.now());
      if (!boot) return;
      this.#boot = boot;
      this.#telling?.sender.tell({ kind: "boot", ...boot });
    } catch (error) {
      this.#complain(error);
    }
  }

  #follow(state: BootState): void {
    const before = this.#standing;
    this.#standing = standingIn(state);
    for (const change of changesBetween(before, this.#standing)) this.#telling?.sender.tell(change);
    if (this.#plan !== state.plan) this.#telling?.sender.wantLook();
    this.#plan = state.plan;
  }

  async #turn(): Promise<void> {
    const { settings = OBSERVER_SETTINGS, host } = this.#around;
    const read = await readSettings(settings, host, observerSettings);
    const said = JSON.stringify(read);
    if (said !== this.#known) {
      this.#known = said;
      this.#telling?.over.abort();
      this.#telling = read.kind === "on" ? this.#begin(read.address, read.settings) : undefined;
      if (read.kind === "broken") this.#sayBroken(read.reason);
    }
    if (!this.#telling) return;
    const { sender, copies, deployments } = this.#telling;
    const marks = this.#marks();
    const marked = JSON.stringify(marks);
    if (marked !== this.#marked) sender.wantLook();
    this.#marked = marked;
    await deployments.tell(sender.tell.bind(sender), marks.deploying);
    await copies.tell(sender);
    await this.#tellReceipts(sender);
  }

  async #tellReceipts(sender: Sender): Promise<void> {
    const { receipts: folder = RECEIPTS } = this.#around;
    const names = await newestReceipts(folder);
    for (const name of names.filter((each) => !this.#receipts.has(each))) {
      const receipt = await readReceipt(folder, name);
      if (receipt) sender.tell({ kind: "receipt", ...receipt });
    }
    this.#receipts = new Set(names);
  }

  #begin(address: Address, { whenAway, proxy }: ObserverSettings): Telling {
    const { build, boot, engine, write, verified = verifiedRecord } = this.#around;
    const over = new AbortController();
    const copies = new ToldCopies((folders) => readCopies(folders, verified));
    const certificates: KnownCertificates = new Map();
    const look = () => this.#look(copies, proxy, certificates);
    const sender = new Sender(address, { build, boot, pace: this.#pace, look, write });
    const listener = {
      heard: sender.tell.bind(sender),
      listening: () => sender.wantLook(),
      deaf: () => {
        sender.tell({ kind: "gap", reason: "the engine's event stream ended" });
        sender.wantLook();
      },
    };
    void listen(engine, listener, this.#pace.enginePauses, over.signal);
    // Another Observer has heard of none of it.
    if (this.#boot) sender.tell({ kind: "boot", ...this.#boot });
    this.#receipts = new Set();
    sender.run(over.signal).catch((error: unknown) => this.#complain(error));
    if (whenAway) {
      this.#watch(address, whenAway, over.signal).catch((error: unknown) => this.#complain(error));
    }
    const deployments = new ToldDeployments(this.#around.deployLogs ?? deployLogs());
    return { sender, copies, deployments, over };
  }

  #watch(
    { host, url }: Address,
    { watched, webhook, afterSeconds }: NonNullable<ObserverSettings["whenAway"]>,
    signal: AbortSignal,
  ): Promise<void> {
    const around = {
      host,
      watched,
      webhook,
      afterMs: afterSeconds * 1000,
      answers: (until: AbortSignal) => answersAt(url, until),
      post: postTo,
      disk,
      record: this.#around.awayRecord ?? AWAY_RECORD,
      complain: (reason: string) => this.#sayUntold(watched, reason),
      newId: () => randomBytes(16).toString("hex"),
    };
    return watchForAway(around, signal);
  }

  async #look(copies: ToldCopies, proxy: ObserverSettings["proxy"], known: KnownCertificates) {
    // It may take a while, and what is seen after it is not older for that.
    const certificate = proxy && (await nearestEnd(proxy, Date.now(), known));
    const seen = Promise.all([
      lookAtContainers(this.#around.engine),
      this.#around.plan().catch(() => undefined),
    ]);
    const backups = await copies.look(seen.then(([, plan]) => this.#copyFolders(plan)));
    const [engine, plan] = await seen;
    const marks = this.#marks();
    return lookOf({ engine, plan, standing: this.#standing, marks, backups, certificate });
  }

  #copyFolders(plan: HostPlan | undefined): ReturnType<typeof copyFolders> {
    const services = new Set(plan?.services.map(({ name }) => name));
    return copyFolders(this.#around.engine, services);
  }

  #sayBroken(reason: string): void {
    const text = `nothing is told to an Observer, because its settings cannot be followed: ${reason}. What to do: deploy this host`;
    this.#around.write({ level: "warning", text, fields: { event: "observer", reason } });
  }

  #sayUntold(watched: string, reason: string): void {
    const text = `that ${watched} is away, or back, is told to nobody: the webhook of the site's setting whenAway does not take it (${reason}); it is tried again`;
    this.#around.write({ level: "warning", text, fields: { event: "away", reason } });
  }

  /** Once: what fails may be tried again for ever. */
  #complain(error: unknown): void {
    if (this.#complained) return;
    this.#complained = true;
    const reason = error instanceof Error ? error.message : String(error);
    const text = `what is seen here may not reach the Observer: ${reason}. What to do: systemctl kill docker-boot-orchestrator, after which it goes on where it was`;
    this.#around.write({ level: "error", text, fields: { event: "observer", reason } });
  }
}
