// What the tests put on the machines of their own sandbox, and wait for there.
import { setTimeout as sleep } from "node:timers/promises";
import { onMachine } from "../../../sandbox/machine.ts";
import { NAS_MOUNTS } from "../../../sandbox/mounts.ts";
import { own } from "./own-sandbox.ts";

/** Leaves a file, and a unit that is active after each boot. */
export const WRITE_UNIT = `echo kept > /etc/kept
cat > /etc/systemd/system/proof.service <<'UNIT'
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
[Install]
WantedBy=multi-user.target
UNIT
systemctl --quiet enable proof.service`;

/** Mounts the NAS's media as the Docker VM does. */
export const MOUNT_UNIT = `mkdir -p /mnt/nas/media
cat > /etc/systemd/system/mnt-nas-media.mount <<'UNIT'
[Mount]
What=${NAS_MOUNTS.source}/srv/media
Where=/mnt/nas/media
Type=${NAS_MOUNTS.type}
Options=${NAS_MOUNTS.options}
TimeoutSec=20
UNIT
systemctl daemon-reload && systemctl start mnt-nas-media.mount`;

/** Whether a machine does what it is asked. */
export async function answers(machine: "vps" | "nas"): Promise<boolean> {
  return (await onMachine(own, machine, ["true"])).exitCode === 0;
}

/** Waits for it. @throws Error when it did not come true within a minute */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > deadline) throw new Error("did not come true within 60 s");
    await sleep(300);
  }
}
