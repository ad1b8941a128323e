import { counted } from "../../model/counted.ts";
import { PLAN_RECORD } from "../../model/paths.ts";
import type { ExternalUnitDeclaration } from "../../model/declared-machine.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { isStranger } from "../observation.ts";
import { specFingerprint } from "../../model/host-plan.ts";
import type { HostAnswer, SeenContainer } from "./answer.ts";
import type { Verdict } from "./rows.ts";

/** Longest quotation of a health check's output. */
const QUOTED_LENGTH = 160;

/** The points about containers and the files they read: one row for all that is well. */
export function containerRows(host: HostDeclaration, answer: HostAnswer): Verdict[] {
  const again = `pulumi up -s ${host.host}`;
  const names = new Set(host.services.map(({ name }) => name));
  const anyOfOurs = answer.containers.some(({ name }) => names.has(name));
  if (!answer.planWritten && !anyOfOurs) {
    return [
      { check: "containers", state: "warning", seen: "nothing was deployed yet", remedy: again },
      ...undeclaredRows(host, answer),
    ];
  }
  const troubles = host.services.flatMap((service): Verdict[] => {
    const check = `container ${service.name}`;
    const seen = answer.containers.find(({ name }) => name === service.name);
    if (!seen) return [{ check, state: "failure", seen: "missing", remedy: again }];
    const gated = answer.observation.gated[service.name];
    const labelled = seen.labels["homelab.service"] === service.name;
    if (isStranger({ id: seen.id, labelled }, gated)) {
      return [
        {
          check,
          state: "failure",
          seen: `${seen.id.slice(0, 12)} is not the one deployed here; someone made it anew`,
          remedy: `npx homelab adopt ${host.host} ${service.name}, then ${again}`,
        },
      ];
    }
    const trouble = troubleOf(seen);
    if (trouble) {
      const remedy = `ssh ${host.host} docker logs --tail 50 ${service.name}`;
      return [
        { check, state: seen.health === "starting" ? "warning" : "failure", seen: trouble, remedy },
      ];
    }
    if (seen.id !== gated) {
      return [{ check, state: "warning", seen: "never went through its gate", remedy: again }];
    }
    const old = seen.labels["homelab.spec"] !== specFingerprint(service);
    return old
      ? [{ check, state: "warning", seen: "runs an older declaration", remedy: again }]
      : [];
  });
  const well = host.services.length - troubles.length;
  const summary: Verdict = {
    check: "containers",
    state: "ok",
    seen: `${well} of ${host.services.length} healthy and as declared`,
    remedy: "",
  };
  return [summary, ...troubles, ...fileRows(host, answer), ...undeclaredRows(host, answer)];
}

function troubleOf(container: SeenContainer): string | undefined {
  if (container.status !== "running") {
    return `${container.status} after ${counted(container.restarts, "restart")}`;
  }
  if (container.health === "healthy") return undefined;
  const output = container.output.replaceAll(/\s+/g, " ").slice(0, QUOTED_LENGTH);
  return `${container.health === "none" ? "has no health check" : container.health}${output === "" ? "" : `: ${output}`}`;
}

/** Files on the host that somebody changed after they were written. */
function fileRows(host: HostDeclaration, { observation }: HostAnswer): Verdict[] {
  const changed = Object.entries(observation.files).flatMap(([name, token]) =>
    // The plan has a row of its own.
    token === undefined && name !== PLAN_RECORD ? [name] : [],
  );
  if (changed.length === 0) return [];
  return [
    {
      check: "files",
      state: "warning",
      seen: `changed by hand or missing: ${changed.join(", ")}`,
      remedy: `pulumi up -s ${host.host} writes them as declared`,
    },
  ];
}

/** What runs beside the homelab is its owner's business; it is named, and left alone. */
function undeclaredRows(host: HostDeclaration, answer: HostAnswer): Verdict[] {
  const declared = new Set(host.services.map(({ name }) => name));
  const strangers = answer.containers.filter(
    (container) =>
      !declared.has(container.name) &&
      !(host.externals ?? []).some((unit) => belongsTo(container, unit)),
  );
  // Ours once, of a declaration that is gone: the deployment should have removed it.
  const left = strangers.filter(({ labels }) => labels["homelab.service"] !== undefined);
  const names = strangers.filter((item) => !left.includes(item)).map(({ name }) => name);
  return [
    ...(left.length === 0
      ? []
      : [
          {
            check: "leftovers",
            state: "warning" as const,
            seen: `no longer declared: ${left.map(({ name }) => name).join(", ")}`,
            remedy: `pulumi up -s ${host.host} removes what it knows; else: ssh ${host.host} docker rm --force <name>`,
          },
        ]),
    ...(names.length === 0
      ? []
      : [
          {
            check: "others",
            state: "ok" as const,
            seen: `not of this homelab, left alone: ${names.join(", ")}`,
            remedy: "",
          },
        ]),
  ];
}

/** An installer's containers come from compose files in its folder. */
function belongsTo(container: SeenContainer, unit: ExternalUnitDeclaration): boolean {
  const folder = container.labels["com.docker.compose.project.working_dir"] ?? "";
  return folder === unit.folder || folder.startsWith(`${unit.folder}/`);
}
