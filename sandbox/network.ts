// The sandbox's own network: a bridge in a hub namespace, one cable to each machine's namespace and
// one to the user's side. No default route, no address translation, no firewall rule and no kernel
// setting on the user's side, so no packet of a machine can leave the computer.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../model/errors.ts";
import { hubPort, userInterface, type MachineName } from "./addresses.ts";
import { run, succeeds } from "../hosts/local-command.ts";
import { isMounted, unmountBelow } from "./mount-table.ts";
import { machineFolder, namespaceFile, type SandboxSettings } from "./settings.ts";

const BRIDGE = "hub";

/** The argv that runs `argv` inside the network namespace held open by `file`. */
export function insideNamespace(file: string, argv: readonly string[]): string[] {
  return ["nsenter", `--net=${file}`, ...argv];
}

/** Hardware address of a machine: the same after each boot, so that nobody's ARP table is wrong. */
export function hardwareAddress(id: string, address: string): string {
  const last = Number(address.split(".")[3]);
  return `02:${id.slice(0, 2)}:${id.slice(2, 4)}:${id.slice(4, 6)}:00:${last.toString(16).padStart(2, "0")}`;
}

/** Commands for `ip -batch` in the hub when it is made. */
export function hubBatch(id: string, registry: string): string {
  return [
    "link set lo up",
    `link add ${BRIDGE} type bridge stp_state 0`,
    // A bridge without an address of its own takes one of its ports', and changes it with them.
    `link set ${BRIDGE} address ${hardwareAddress(id, registry)}`,
    `address add ${registry}/24 dev ${BRIDGE}`,
    `link set ${BRIDGE} up`,
  ].join("\n");
}

/** Commands for `ip -batch` in a machine's fresh namespace. */
export function machineBatch(id: string, address: string): string {
  return [
    "link set lo up",
    `link set eth0 address ${hardwareAddress(id, address)}`,
    `address add ${address}/24 dev eth0`,
    "link set eth0 up",
  ].join("\n");
}

/** Makes the hub and the user's side unless they are there and whole. */
export async function ensureHub(settings: SandboxSettings): Promise<void> {
  const { network, id } = settings;
  const hub = namespaceFile(settings, "hub");
  if (await hubIsWhole(settings)) return;
  await refuseForeignAddress(settings);
  await run(["ip", "link", "delete", userInterface(id)], { okCodes: [0, 1] });
  await freshNamespace(hub);
  await batchInside(hub, hubBatch(id, network.registry));
  await run(
    ["ip", "link", "add", userInterface(id), "type", "veth"].concat([
      ...["peer", "name", hubPort("user"), "netns", hub],
    ]),
  );
  await batchInside(hub, plugInto(hubPort("user")));
  await run(["ip", "address", "add", `${network.user}/24`, "dev", userInterface(id)]);
  await run(["ip", "link", "set", userInterface(id), "up"]);
}

/** Whether the user's side reaches the hub's address. */
export async function hubIsWhole(settings: SandboxSettings): Promise<boolean> {
  if (!(await isMounted(namespaceFile(settings, "hub")))) return false;
  const user = await run(["ip", "-4", "address", "show", "dev", userInterface(settings.id), "up"], {
    okCodes: [0, 1],
  });
  if (!user.stdout.includes(`${settings.network.user}/24`)) return false;
  const hub = await run(
    insideNamespace(namespaceFile(settings, "hub"), ["ip", "-o", "address", "show", BRIDGE]),
    { okCodes: [0, 1] },
  );
  const port = await run(
    insideNamespace(namespaceFile(settings, "hub"), ["ip", "-o", "link", "show", hubPort("user")]),
    { okCodes: [0, 1] },
  );
  return hub.stdout.includes(`${settings.network.registry}/24`) && port.stdout.includes(BRIDGE);
}

async function refuseForeignAddress(settings: SandboxSettings): Promise<void> {
  const { stdout } = await run(["ip", "-o", "-4", "address", "show"]);
  const foreign = stdout
    .split("\n")
    .find(
      (line) =>
        line.includes(` ${settings.network.prefix}.`) && !line.includes(userInterface(settings.id)),
    );
  if (foreign === undefined) return;
  throw new UserError(
    "HL-SANDBOX-NETWORK",
    `the network ${settings.network.prefix}.0/24 is in use on interface ` +
      `${foreign.split(/\s+/)[1] ?? "?"}, perhaps by another sandbox; ` +
      `choose another with HOMELAB_SANDBOX_NET, e.g. 198.18.78`,
  );
}

/**
 * A machine's network as it is when power comes on: a new namespace with one cable, nothing left
 * of bridges, firewall rules or addresses that ran there before.
 */
export async function connectMachine(
  settings: SandboxSettings,
  machine: MachineName,
): Promise<void> {
  const hub = namespaceFile(settings, "hub");
  const own = namespaceFile(settings, machine);
  const port = hubPort(machine);
  await run(insideNamespace(hub, ["ip", "link", "delete", port]), {
    okCodes: [0, 1],
  });
  await freshNamespace(own);
  await run(
    ["ip", "link", "add", port, "netns", hub, "type", "veth"].concat([
      ...["peer", "name", "eth0", "netns", own],
    ]),
  );
  await batchInside(own, machineBatch(settings.id, settings.network.machines[machine]));
  await batchInside(hub, plugInto(port, !existsSync(cutMarker(settings, machine))));
}

/** Takes a machine's cable away. */
export async function disconnectMachine(
  settings: SandboxSettings,
  machine: MachineName,
): Promise<void> {
  const hub = namespaceFile(settings, "hub");
  if (await isMounted(hub)) {
    await run(insideNamespace(hub, ["ip", "link", "delete", hubPort(machine)]), {
      okCodes: [0, 1],
    });
  }
  await unmountBelow(namespaceFile(settings, machine));
}

/**
 * Cuts or restores a machine's cable at the hub's end: the machine sees its carrier go, as when a
 * plug is pulled. A cut cable stays cut when the machine boots again.
 */
export async function setLink(
  settings: SandboxSettings,
  machine: MachineName,
  state: "cut" | "restore",
): Promise<void> {
  if (state === "cut") await writeFile(cutMarker(settings, machine), "");
  else await rm(cutMarker(settings, machine), { force: true });
  const port = hubPort(machine);
  await run(
    insideNamespace(
      namespaceFile(settings, "hub"),
      ["ip", "link", "set", port].concat([state === "cut" ? "down" : "up"]),
    ),
  );
}

/** Removes the hub and the user's side. Namespaces end with their last process and mount. */
export async function removeNetwork(settings: SandboxSettings): Promise<void> {
  if (await succeeds(["ip", "link", "show", userInterface(settings.id)])) {
    await run(["ip", "link", "delete", userInterface(settings.id)], {
      okCodes: [0, 1],
    });
  }
  await unmountBelow(join(settings.folder, "net"));
}

/** There while the machine's cable is cut. */
export function cutMarker(settings: SandboxSettings, machine: MachineName): string {
  return join(machineFolder(settings, machine), "link-cut");
}

function plugInto(port: string, up = true): string {
  return [`link set ${port} master ${BRIDGE}`, ...(up ? [`link set ${port} up`] : [])].join("\n");
}

async function batchInside(file: string, batch: string): Promise<void> {
  await run(insideNamespace(file, ["ip", "-batch", "-"]), {
    input: `${batch}\n`,
  });
}

async function freshNamespace(file: string): Promise<void> {
  await unmountBelow(file);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, "");
  await run(["unshare", `--net=${file}`, "true"]);
}
