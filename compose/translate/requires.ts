import { reachedThrough } from "../../components/edge/proxy.plan.ts";
import { Code, noted, REACHED_THROUGH, type Printable } from "../write/code.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";
import { kebab } from "../kebab.ts";

/** What a service waits for: services of the file, gates of its devices and mounts, and the proxy. */
export function translateRequires(
  service: ComposeService,
  chosen: ReadonlySet<string>,
  mountGates: readonly string[],
  isRouted: boolean,
  context: Context,
): Printable {
  const { findings, names, house, imports } = context;
  const requires: Printable[] = [];
  const waits = { ...linked(service), ...service.fields.depends_on };
  for (const [name, { condition, required }] of Object.entries(waits)) {
    if (!chosen.has(name)) {
      findings.dropped(service.place("depends_on", name), `"${name}" is not imported with it`);
      continue;
    }
    const notes =
      condition === "completed"
        ? [
            findings.decide(
              service.place("depends_on", name),
              `how "${name}" does its work at the start of "${service.name}": a deployment takes a container that ends for one that failed`,
            ),
          ]
        : [];
    requires.push(
      noted(notes, {
        on: names.container(name),
        condition,
        strength: required ? "hard" : "soft",
      }),
    );
  }
  for (const gate of mountGates) {
    requires.push({ on: `gate:${gate}`, condition: "healthy", strength: "hard" });
  }
  requires.push(...deviceGates(service, context));
  if (isRouted && house.proxy) {
    imports.add("components/edge/proxy.plan.ts", "reachedThrough");
    requires.push(new Code(REACHED_THROUGH, reachedThrough(house.proxy)));
  }
  return requires.length === 0 ? undefined : requires;
}

/** What the older `links` stand for. */
function linked({ fields }: ComposeService) {
  return Object.fromEntries(
    (fields.links ?? []).map(({ service: name }) => [
      name,
      { condition: "started", required: true } as const,
    ]),
  );
}

function deviceGates(service: ComposeService, { findings, house }: Context): Printable[] {
  const devices = [
    ...new Set((service.fields.devices ?? []).map(({ source }) => gatedPath(source))),
  ];
  return devices.map((path) => {
    const known = house.gates[path];
    if (known !== undefined) {
      return { on: `gate:${known}`, condition: "healthy", strength: "soft" };
    }
    const name = kebab(path.replace(/^\/dev\//, ""));
    return noted(
      [
        findings.decide(
          service.place("devices"),
          `add the gate { name: "${name}", kind: "device", path: "${path}", remedy: "…" } to household/${house.host}.plan.ts, and say whether "${service.name}" can do without the device (soft) or not (hard)`,
        ),
      ],
      { on: `gate:${name}`, condition: "healthy", strength: "hard" },
    );
  });
}

/** The devices below /dev/dri come and go together. */
function gatedPath(device: string): string {
  return device.startsWith("/dev/dri/") ? "/dev/dri" : device;
}

/** The devices of a service, as a declaration names them. */
export function translateDevices(service: ComposeService, { findings }: Context): Printable {
  const { devices = [] } = service.fields;
  if (devices.length === 0) return undefined;
  for (const { source, target } of devices) {
    if (target !== source && !/^[rwm]+$/.test(target)) {
      findings.changed(
        service.place("devices"),
        `${source} has the same path in the container, and not ${target}`,
      );
    }
  }
  return [...new Set(devices.map(({ source }) => gatedPath(source)))];
}
