import { mountUnit } from "./boot.ts";
import type { PlannedGate } from "./host-plan.ts";
import { MESH_FACTS } from "./mesh-script.ts";
import { quote as word } from "./shell-text.ts";

/**
 * Name of the file at the root of each of the NAS's folders that says which one it is, to whoever
 * mounts it and to whoever wonders whether its disk is there.
 */
export const FOLDER_MARKER = ".homelab-export";

/** A gate that hangs is closed: a stale network mount blocks whoever looks at it. */
const PROBE_SECONDS = 5;

/**
 * A POSIX shell script that looks once: it exits 0 when the gate is open, and otherwise prints
 * in one line what it saw and exits 1. The deployment, the boot orchestrator and the checklist
 * all run this same script, so they cannot disagree.
 */
export function gateProbe(condition: PlannedGate["condition"]): string {
  switch (condition.kind) {
    case "mount":
      return mountProbe(condition);
    case "folder":
      return closedUnless(
        `timeout ${PROBE_SECONDS} cat ${word(`${condition.path}/${FOLDER_MARKER}`)} > /dev/null 2>&1`,
        `${condition.path} is not the folder that was made there (no ${FOLDER_MARKER}); is its disk mounted?`,
      );
    case "mesh":
      return meshProbe(condition);
    case "dns":
      return dnsProbe(condition);
    case "disk":
      return `free=$(df --output=pcent ${word(condition.path)} 2>/dev/null | tail -n 1 | tr -dc 0-9)
${closedUnless(`[ -n "$free" ] && [ $((100 - free)) -ge ${condition.freePercent} ]`, `${condition.path} has less than ${condition.freePercent} % free`)}`;
    case "clock":
      return closedUnless(
        `timedatectl show --property=NTPSynchronized --value 2>/dev/null | grep -q yes || chronyc tracking 2>/dev/null | awk '/^System time/ { near = $4 <= ${condition.maxOffsetSeconds} } /^Leap status.*Not synchronised/ { near = 0 } END { exit !near }'`,
        "the clock is not synchronised",
      );
    case "device":
      return closedUnless(`[ -e ${word(condition.path)} ]`, `${condition.path} does not exist`);
  }
}

function closedUnless(test: string, reason: string): string {
  return `{ ${test}; } || { echo ${word(reason)}; exit 1; }`;
}

/**
 * A mount is open when it is a mount point, comes from the right server and export, answers in
 * time, carries the export's marker (an empty folder does not), and can be written where it has
 * to be, by the user who will write.
 */
function mountProbe(mount: Mount): string {
  const path = word(mount.path);
  const lines = [
    `findmnt --mountpoint ${path} > /dev/null || { ${notMounted(mount)}; exit 1; }`,
    `source=$(findmnt --noheadings --output SOURCE --mountpoint ${path} | tail -n 1)`,
    `[ "$source" = ${word(mount.source)} ] || { echo "${mount.path} comes from $source instead of ${mount.source}"; exit 1; }`,
    closedUnless(
      `timeout ${PROBE_SECONDS} cat ${path}/${FOLDER_MARKER} > /dev/null 2>&1`,
      `${mount.path} does not answer, or is not the export it should be (no ${FOLDER_MARKER})`,
    ),
  ];
  if (mount.writable) lines.push(writeProbe(mount));
  return lines.join("\n");
}

type Mount = Extract<PlannedGate["condition"], { kind: "mount" }>;

/** Says that nothing is mounted, and names the package without which nothing can be. */
function notMounted({ path }: Mount): string {
  return `type=$(systemctl show --property=Type --value ${word(mountUnit(path))} 2>/dev/null)
  case $type in nfs*) [ -x "/sbin/mount.$type" ] || lacks="; /sbin/mount.$type is missing: install the package nfs-common" ;; esac
  echo "nothing is mounted at ${path}\${lacks:-}"`;
}

/** root may write where the user of a container may not, and the other way round over NFS. */
function writeProbe({ path, writer }: Mount): string {
  const who = writer ?? "0:0";
  const [uid, gid] = who.split(":");
  const as = `setpriv --reuid ${uid} --regid ${gid} --clear-groups`;
  const attempt = word(`f=${path}/.homelab-write-$$; : > "$f" && rm -f "$f"`);
  return `said=$(timeout ${PROBE_SECONDS} ${as} sh -c ${attempt} 2>&1) || { echo "${path} cannot be written by ${who}; it belongs to $(timeout ${PROBE_SECONDS} stat --format %u:%g ${word(path)} 2>&1) there: $(printf %s "$said" | tr '\\n' ' ')"; exit 1; }`;
}

/** Open when the machine has its own address in the mesh, and reaches the other one if one is named. */
function meshProbe(mesh: Extract<PlannedGate["condition"], { kind: "mesh" }>): string {
  const lines = [
    MESH_FACTS,
    `ip -o -4 address show 2>/dev/null | grep -qF ${word(` inet ${mesh.address}/`)} || {
  state=$(mesh_state)
  complaint=$(mesh_complaint)
  echo "this machine has not ${mesh.address} in the mesh; its tailscaled says: \${state:-nothing} $complaint"
  exit 1
}`,
  ];
  if (mesh.peer !== undefined) {
    lines.push(
      closedUnless(
        `timeout ${PROBE_SECONDS} ping -c 1 -W 3 ${word(mesh.peer)} > /dev/null 2>&1`,
        `this machine has ${mesh.address} in the mesh, and ${mesh.peer} does not answer there`,
      ),
    );
  }
  return lines.join("\n");
}

/** Asks for a name. What dig says to that besides, even that nobody answered, begins with ';'. */
function dnsProbe(dns: Extract<PlannedGate["condition"], { kind: "dns" }>): string {
  return closedUnless(
    `timeout ${PROBE_SECONDS} dig +short +tries=1 +time=3 @${word(dns.server)} ${word(dns.query)} 2>/dev/null | grep -q '^[^;]'`,
    `${dns.server} does not resolve ${dns.query}`,
  );
}
