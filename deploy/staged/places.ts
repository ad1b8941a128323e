import { UserError } from "../../model/errors.ts";
import { DEPLOYING, deployLogs, deployState, heldRecord } from "../../model/paths.ts";
import type { Stage } from "./stage.ts";

/** Where the deployer keeps what it knows, on the host that is deployed. */
export interface Places {
  /** The folder below which they lie. */
  readonly root: string;
  /** Folder of the small files below. */
  readonly state: string;
  readonly lock: string;
  /** What the run is about, see state.ts. */
  readonly run: string;
  readonly currentStage: string;
  readonly lastService: string;
  readonly complete: (stage: Stage) => string;
  /** That the host is held at a receipt, see hold.ts. */
  readonly held: string;
  readonly receipts: string;
  readonly logs: string;
  /** Folder in which a person keeps a folder for each service that has something of its own. */
  readonly config: string;
  /** The mark at which the host's orchestrator keeps its hands off. */
  readonly deploying: string;
}

/**
 * The places below a root.
 * @throws UserError HL-USAGE for a root that is no absolute path of plain characters
 */
export function placesBelow(root: string, deploying: string = DEPLOYING): Places {
  if (!/^(\/[A-Za-z0-9._-]+)+$/.test(root) || root.includes("/..")) {
    throw new UserError("HL-USAGE", `--root "${root}" is not an absolute path of plain characters`);
  }
  const state = deployState(root);
  return {
    root,
    state,
    lock: `${state}/lock`,
    run: `${state}/run.json`,
    currentStage: `${state}/current_stage`,
    lastService: `${state}/last_service`,
    complete: (stage) => `${state}/stage_${stage}_complete`,
    held: heldRecord(root),
    receipts: `${state}/receipts`,
    logs: deployLogs(root),
    config: `${root}/config`,
    deploying,
  };
}
