import type { ServiceDeclaration } from "../../model/declaration.ts";
import type { HostName } from "../../model/host-names.ts";
import type { Project } from "../../workspace/project.ts";
import type { DeclaredHost } from "../drift/look-at-host.ts";
import type { Pulled } from "../images/pull.ts";
import type { HostShell } from "./host-files.ts";
import type { Inputs } from "./inputs.ts";
import type { Journal } from "./journal.ts";
import type { DeployLock } from "./lock.ts";
import type { Places } from "./places.ts";
import type { PutBack } from "./report.ts";
import type { RunFacts } from "./state.ts";
import type { Stage } from "./stage.ts";

/** Puts back, after a stage has failed, what can be of the services in `failed`; never an error. */
export type PutBackWork = (run: RunContext, stage: Stage) => Promise<PutBack>;

/** What a further look found. */
export interface FurtherSight {
  /** In words, by service, what is not as it has to be. */
  readonly troubles: ReadonlyMap<string, string>;
  /** No later look will find it otherwise. */
  readonly isFinal: boolean;
}

/**
 * Looks once more at what is deployed on a host.
 * @throws HostError as any look
 */
export type FurtherLook = (host: HostName) => Promise<FurtherSight>;

/** Everything that the stages of one host's deployment work with. */
export interface RunContext {
  readonly host: HostName;
  readonly project: Project;
  /** All hosts: services need services elsewhere. */
  readonly fleet: readonly DeclaredHost[];
  /** The host that is deployed, with what is overridden there. */
  readonly declared: DeclaredHost;
  /** In words, what a person overrides on the host; undefined where that is nothing. */
  readonly overridden: string | undefined;
  /** What the run is about: all services of the host, or those of `--only`. */
  readonly services: readonly ServiceDeclaration[];
  /** Names of the services whose progress is followed: all that the host is to have. */
  readonly names: ReadonlySet<string>;
  readonly facts: RunFacts;
  readonly shell: HostShell;
  /** The same over a connection of its own for each script. */
  readonly anew: HostShell;
  readonly places: Places;
  readonly journal: Journal;
  readonly mask: (text: string) => string;
  /** The run that is known to be gone and had the lock before; its Pulumi's lock may be left, too. */
  readonly takenFrom: DeployLock | undefined;
  /** Fires when a person wants the run to end. */
  readonly interrupted: AbortSignal;
  /** What it is made from, as it was when the run began; undefined where that cannot be told. */
  readonly inputs: Inputs | undefined;
  /** Puts back what a stage left unhealthy; undefined where nobody asked for it. */
  readonly putBack: PutBackWork | undefined;
  /** Whether the host puts back what it is reached by when nobody comes back (ADR 0035). */
  readonly guardWaysIn: boolean;
  /** What else `verify` holds the services to; undefined for nothing. */
  readonly furtherLook: FurtherLook | undefined;
  /** The command that goes on after a failure. */
  readonly again: string;
  /** What was done about the checkout. */
  readonly update: string;
  /** What came of pulling the images that are missing; undefined where nobody pulls. */
  readonly pulled: (() => Promise<Pulled>) | undefined;
  readonly began: Date;
  /** Seconds that each stage took, by those that are complete. */
  readonly durations: Partial<Record<Stage, number>>;
  /** Services that failed, for who looks for the reason. */
  readonly failed: Set<string>;
}
