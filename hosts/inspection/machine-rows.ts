import { BOOT_UNIT } from "../../model/boot.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import type { NeededProgram } from "../../model/declared-machine.ts";
import { maintenanceIn } from "../../model/maintenance.ts";
import { PLAN_RECORD } from "../../model/paths.ts";
import { wasDeployed, type HostAnswer } from "./answer.ts";
import { diskRows } from "./disk-rows.ts";
import { nodeRow } from "./needs/node-row.ts";
import type { Verdict } from "./rows.ts";

/** Oldest engine with a start interval for health checks, which the order at boot relies on. */
const LEAST_ENGINE = 25;

const ok = (check: string, seen: string): Verdict => ({ check, state: "ok", seen, remedy: "" });

/** The points about the machine itself: engine, Node.js, disks, gates, boot unit and its plan. */
export function machineRows(
  host: HostDeclaration,
  answer: HostAnswer,
  remedies: ReadonlyMap<string, string>,
): Verdict[] {
  return [
    engineRow(answer.engine),
    nodeRow(answer),
    ...(host.programs ?? []).map((program) => programRow(program, answer)),
    ...diskRows(host, answer),
    // They were looked at side by side, so they come in no order.
    ...Object.entries(answer.observation.conditions)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, { open, seen }]) => gateRow(host, name, open ? undefined : seen, remedies)),
    unitRow(host, answer),
    ...maintenanceRows(host, answer),
    ...planRows(host, answer),
    ...(host.externals ?? []).map((unit) => externalRow(unit, answer.externals[unit.name])),
  ];
}

function engineRow(version: string): Verdict {
  const check = "docker";
  const major = Number(/^(\d+)\./.exec(version)?.[1]);
  if (major >= LEAST_ENGINE) return ok(check, version);
  const seen = Number.isNaN(major)
    ? version || "no answer"
    : `${version}, older than ${LEAST_ENGINE}`;
  const remedy = `install Docker Engine from its own packages, version ${LEAST_ENGINE} or newer`;
  return { check, state: "failure", seen, remedy };
}

function programRow(program: NeededProgram, answer: HostAnswer): Verdict {
  const check = program.package;
  if (answer.programs.includes(program.path)) return ok(check, `${program.path} is there`);
  return {
    check,
    state: "failure",
    seen: `${program.path} is missing; it ${program.why}`,
    remedy: `install the package ${program.package}`,
  };
}

/** A closed gate is a failure when a service cannot run without it. */
function gateRow(
  host: HostDeclaration,
  name: string,
  closed: string | undefined,
  remedies: ReadonlyMap<string, string>,
): Verdict {
  const check = `gate ${name}`;
  if (closed === undefined) return ok(check, "open");
  const waiting = host.services.flatMap((service) =>
    (service.requires ?? []).flatMap((requirement) =>
      requirement.on === `gate:${name}` ? [{ service: service.name, ...requirement }] : [],
    ),
  );
  const declared = host.gates.some((gate) => gate.name === name);
  const hard = !declared || waiting.some(({ strength }) => strength === "hard");
  const names = waiting.map(({ service }) => service).join(", ");
  return {
    check,
    state: hard ? "failure" : "warning",
    seen: closed || "closed",
    remedy: `${remedies.get(name) ?? ""}${names === "" ? "" : ` (for ${names})`}`,
  };
}

function unitRow(host: HostDeclaration, answer: HostAnswer): Verdict {
  const { enabled, failed } = answer.unit;
  const again = `pulumi up -s ${host.host}`;
  const check = "boot orchestrator";
  if (enabled === "enabled" && failed === "inactive" && wasDeployed(answer)) {
    return {
      check,
      state: "warning",
      seen: "does not run, so what ends is not started again before the next boot",
      remedy: `ssh ${host.host} systemctl start ${BOOT_UNIT}`,
    };
  }
  if (enabled === "enabled" && failed !== "failed") return settledRow(host, answer);
  if (enabled === "enabled") {
    return {
      check,
      state: "failure",
      seen: "its last run failed",
      remedy: `ssh ${host.host} journalctl -u ${BOOT_UNIT}`,
    };
  }
  if (!wasDeployed(answer)) {
    return {
      check,
      state: "warning",
      seen: "not installed, nothing was deployed yet",
      remedy: again,
    };
  }
  return {
    check,
    state: "failure",
    // Of a unit that is not there, systemctl says so in a sentence.
    seen: `${BOOT_UNIT} is ${/^[a-z-]+$/.test(enabled) ? enabled : "not installed"}, so nothing starts at boot`,
    remedy: `${again}, or: ssh ${host.host} systemctl enable ${BOOT_UNIT}`,
  };
}

/** What the orchestrator could not start, by its own record. */
function settledRow(host: HostDeclaration, { unit, boot }: HostAnswer): Verdict {
  const check = "boot orchestrator";
  // A record of a unit that does not run is of an earlier boot.
  const services = unit.failed === "active" ? Object.entries(boot?.services ?? {}) : [];
  const failed = services.flatMap(([name, { state }]) => (state === "failed" ? [name] : []));
  const held = services.flatMap(([name, { state, by }]) =>
    state === "held" ? [`${name} (without ${by})`] : [],
  );
  if (failed.length + held.length === 0) return ok(check, `${BOOT_UNIT} enabled`);
  const seen = [
    ...(failed.length > 0 ? [`failed: ${failed.join(", ")}`] : []),
    ...(held.length > 0 ? [`held back: ${held.join(", ")}`] : []),
  ].join("; ");
  const remedy = `what is held back starts by itself when that is there; ssh ${host.host} journalctl -b -u ${BOOT_UNIT}`;
  return { check, state: "failure", seen, remedy };
}

/** While somebody works on the host, nothing there is started again. */
function maintenanceRows(host: HostDeclaration, answer: HostAnswer): Verdict[] {
  const { maintenance: text } = answer;
  const maintenance = text === undefined ? undefined : maintenanceIn(text, Date.now());
  if (!maintenance) return [];
  const { reason, by, until } = maintenance;
  return [
    {
      check: "maintenance",
      state: "warning",
      seen: `${reason} (${by}), ${until === undefined ? "without an end" : `until ${until}`}; nothing is started again meanwhile`,
      remedy: `npx homelab maintenance ${host.host} --end`,
    },
  ];
}

/** Without its plan the boot unit starts nothing, and with another one something else. */
function planRows(host: HostDeclaration, answer: HostAnswer): Verdict[] {
  if (!wasDeployed(answer)) return [];
  const check = "host plan";
  const { files } = answer.observation;
  // A plan of a deployment that kept no checksum is as good as any.
  const changed = PLAN_RECORD in files && files[PLAN_RECORD] === undefined;
  if (answer.planWritten && !changed) return [ok(check, "as it was written")];
  return [
    {
      check,
      state: "failure",
      seen: answer.planWritten
        ? "changed by hand, so other things start at boot than were deployed"
        : "missing, so nothing starts at boot",
      remedy: `pulumi up -s ${host.host} writes it`,
    },
  ];
}

function externalRow(
  unit: NonNullable<HostDeclaration["externals"]>[number],
  seen: string | undefined,
): Verdict {
  const check = `external ${unit.name}`;
  if (seen === "healthy") return ok(check, "healthy");
  if (seen === "missing") return ok(check, `not installed (no ${unit.folder})`);
  return {
    check,
    state: "warning",
    seen: seen ?? "no answer",
    remedy: `cd ${unit.folder} && ${unit.start.join(" ")}`,
  };
}
