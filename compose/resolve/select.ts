import { findCycle } from "../../model/graph.ts";
import type { Mistake } from "../mistake.ts";
import type { ComposeProject, ComposeService } from "./project.ts";

/** Which services of a file are wanted. */
export interface Selection {
  /** Services by name; what they need comes with them. @default all that no profile keeps back */
  readonly services?: readonly string[] | undefined;
  /** Profiles whose services are wanted too; "*" for all. @default none */
  readonly profiles?: readonly string[] | undefined;
  /** The named services alone. @default false */
  readonly alone?: boolean | undefined;
}

/** The wanted services, in an order in which each comes after what it needs. */
export interface Selected {
  readonly services: readonly ComposeService[];
  /** Services that only a profile would bring, and which one. */
  readonly keptBack: readonly { readonly name: string; readonly profiles: readonly string[] }[];
  readonly mistakes: readonly Mistake[];
}

/** Chooses services as `docker compose up` would. */
export function selectServices(project: ComposeProject, selection: Selection): Selected {
  const byName = new Map(project.services.map((service) => [service.name, service]));
  const mistakes: Mistake[] = [];
  const wanted = new Set<string>();
  const profiles = selection.profiles ?? [];
  const isEnabled = ({ fields }: ComposeService) =>
    (fields.profiles ?? []).length === 0 ||
    profiles.includes("*") ||
    (fields.profiles ?? []).some((profile) => profiles.includes(profile));

  const choose = (name: string): void => {
    const service = byName.get(name);
    if (!service || wanted.has(name)) return;
    wanted.add(name);
    if (selection.alone) return;
    for (const needed of needsOf(service)) {
      const other = byName.get(needed);
      const isHard = service.fields.depends_on?.[needed]?.required !== false;
      if (!isHard) continue;
      if (other && !isEnabled(other) && selection.services === undefined) {
        mistakes.push({
          ...service.place("depends_on", needed),
          message: `"${needed}" is in the profile ${other.fields.profiles?.join(", ")}, which is not wanted; name it with --profile`,
        });
      }
      choose(needed);
    }
  };

  for (const service of project.services) {
    for (const needed of needsOf(service)) {
      const isHard = service.fields.depends_on?.[needed]?.required !== false;
      if (!byName.has(needed) && isHard) {
        mistakes.push({
          ...service.place("depends_on", needed),
          message: `"${needed}" is no service of this file`,
        });
      }
    }
  }
  for (const name of selection.services ?? []) {
    if (byName.has(name)) continue;
    mistakes.push({
      file: "",
      path: "",
      message: `--service ${name}: the file has ${[...byName.keys()].join(", ")}`,
    });
  }
  const first = selection.services ?? project.services.filter(isEnabled).map(({ name }) => name);
  first.forEach(choose);

  const cycle = findCycle({
    nodes: byName,
    edges: project.services.flatMap((one) => needsOf(one).map((to) => ({ from: one.name, to }))),
  });
  if (cycle) {
    const start = byName.get(cycle[0] ?? "");
    mistakes.push({
      ...(start?.place("depends_on") ?? { file: "", path: "" }),
      message: `waits for itself: ${cycle.join(" -> ")}`,
    });
    return { services: [], keptBack: [], mistakes };
  }
  return {
    services: inOrder(project.services.filter(({ name }) => wanted.has(name))),
    keptBack: project.services
      .filter((service) => !wanted.has(service.name) && !isEnabled(service))
      .map(({ name, fields }) => ({ name, profiles: fields.profiles ?? [] })),
    mistakes,
  };
}

/** Services by name that a service waits for. */
export function needsOf({ fields }: ComposeService): string[] {
  const linked = (fields.links ?? []).map(({ service }) => service);
  return [...new Set([...Object.keys(fields.depends_on ?? {}), ...linked])];
}

/** Each after what it needs; else as they stand in the file. */
function inOrder(services: readonly ComposeService[]): ComposeService[] {
  const placed: ComposeService[] = [];
  const place = (service: ComposeService): void => {
    if (placed.includes(service)) return;
    for (const needed of needsOf(service)) {
      const other = services.find(({ name }) => name === needed);
      if (other) place(other);
    }
    placed.push(service);
  };
  services.forEach(place);
  return placed;
}
