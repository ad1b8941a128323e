import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mountFiles, type MountGate } from "../../../components/core/network-mounts.ts";
import { applyMounts, planRemount, type MountUnit } from "../../../components/core/remount.ts";
import { ScriptRoom } from "../../support/script.ts";
import { isValidShell } from "../../support/shell.ts";

const GROUND = "homelab-mount-ground.service";
const UNITS = "/etc/systemd/system";
const MOUNTS: MountUnit[] = ["media", "my-photos"].map((name) => ({
  unit: `mnt-${name.replace("-", "\\x2d")}.mount`,
  path: `/mnt/${name}`,
  source: `nas:/${name}`,
  type: "nfs",
  options: "soft,_netdev",
  text: `[Unit]\nRequires=${GROUND}\nnew ${name}\n`,
}));
const [MEDIA] = MOUNTS;

interface Situation {
  /** Whether media was written with other settings than now. @default true */
  readonly changed?: boolean;
  /** Exit code of a mount with the new settings. @default 0 */
  readonly tried?: number;
  /** Exit code of taking the mount away. @default 0 */
  readonly taken?: number;
  /** Whether the old server is dead, so that taking the mount away does not end. @default false */
  readonly hangs?: boolean;
  /** What runs: its name and what it mounts. @default Jellyfin above media */
  readonly running?: string;
}

/** A host on which both mounts are mounted; runs what comes before and after writing the units. */
function deploy(situation: Situation = {}) {
  const room = new ScriptRoom();
  for (const { unit, text } of MOUNTS) room.file(`${UNITS}/${unit}`, text);
  if (situation.changed ?? true) room.file(`${UNITS}/${MEDIA?.unit ?? ""}`, "old");
  room.file(`${UNITS}/mnt-gone.mount`, `[Unit]\nRequires=${GROUND}\n`);
  room.file(`${UNITS}/mnt-theirs.mount`, "[Unit]\n");
  const log = (name: string, body: string) =>
    room.program(name, `echo "${name} $*" >>'${room.path("/order")}'\n${body}`);
  const running = situation.running ?? "/jellyfin /mnt/media /run/permit";
  log("docker", `case "$1" in ps) echo id ;; inspect) echo '${running}' ;; esac`);
  log("mount", `echo refused >&2; exit ${situation.tried ?? 0}`);
  log("umount", `case "$1" in /mnt/*) exit ${situation.taken ?? 0} ;; esac`);
  log("systemctl", "");
  const givenUp = (situation.hangs ?? false) ? 'case "$*" in *" umount "*) exit 124 ;; esac' : "";
  room.program("timeout", `${givenUp}\nshift; exec "$@"`);
  room.program("findmnt");
  room.file("/order", "");
  const write = MOUNTS.map(({ unit, text }) => `cat >'${UNITS}/${unit}' <<'END'\n${text}END\n`);
  const script = `set -eu\n${planRemount(MOUNTS)}${write.join("")}${applyMounts(MOUNTS, GROUND)}`;
  const ended = room.run(script, [UNITS]);
  const order = readFileSync(room.path("/order"), "utf8")
    .split("\n")
    .filter((line) => !/^docker (ps|inspect)|^mount |tmp|daemon-reload|^$/.test(line));
  return { room, ...ended, order };
}

describe("a mount whose settings changed", () => {
  it("is mounted anew while who runs above it is stopped, and nobody else", () => {
    const { exitCode, stderr, order } = deploy();
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(order.slice(1)).toEqual([
      "docker stop --time 120 jellyfin",
      "umount /mnt/media",
      "systemctl start mnt-media.mount",
      "docker start jellyfin",
    ]);
  });

  it("is refused before anything is stopped or written when it could not be mounted so", () => {
    const { exitCode, stderr, order, room } = deploy({ tried: 1 });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("with the new ones it cannot be mounted: refused");
    expect(stderr).toContain("to do without: docker stop jellyfin, then deploy again");
    expect(order).toEqual([]);
    expect(readFileSync(room.path(`${UNITS}/mnt-media.mount`), "utf8")).toBe("old");
  });

  it("needs no trial where nobody runs above it", () => {
    const { exitCode, order } = deploy({ tried: 1, running: "/caddy /mnt/media-else" });
    expect(exitCode).toBe(0);
    expect(order).toContain("systemctl start mnt-media.mount");
    expect(order.join("\n")).not.toContain("docker st");
  });

  it("that is in use on the machine stays, and who was stopped for it runs again", () => {
    const { exitCode, stderr, order } = deploy({ taken: 1 });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("keeps its old settings until its next start: /mnt/media");
    expect(order).toContain("docker start jellyfin");
  });

  it("from a server that is dead is given up after a time, and holds nobody up", () => {
    const { exitCode, stderr, order } = deploy({ hangs: true });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("keeps its old settings until its next start: /mnt/media");
    expect(order).not.toContain("umount /mnt/media");
    expect(order).toContain("docker start jellyfin");
  });
});

describe("mounts whose settings are the same", () => {
  it("are not touched, nor is who runs above them", () => {
    const { exitCode, order } = deploy({ changed: false });
    expect(exitCode).toBe(0);
    expect(order).toEqual(["systemctl --quiet disable --now mnt-gone.mount"]);
  });
});

describe("a mount that is no longer declared", () => {
  it("goes with its unit; those of others stay", () => {
    const { room } = deploy();
    const there = (unit: string) => existsSync(room.path(`${UNITS}/${unit}`));
    expect(there("mnt-gone.mount")).toBe(false);
    expect(there("mnt-theirs.mount")).toBe(true);
    for (const { unit } of MOUNTS) expect(there(unit), unit).toBe(true);
  });
});

describe("the files of network mounts", () => {
  const gate: MountGate = {
    name: "nas-media",
    kind: "mount",
    path: "/mnt/nas/media",
    source: "nas:/srv/media",
    writable: true,
    remedy: "",
  };
  const files = mountFiles({
    ground: "/mnt/nas",
    mounts: [gate],
    settings: { type: "nfs", source: "nas:", options: "soft" },
  });

  it("hold a unit for each mount and for the ground, and a look at all of them", () => {
    const look = files.find(({ path }) => path.includes("/looks/"))?.content ?? "";
    expect(look).toContain(`'${GROUND}' 'mnt-nas-media.mount'`);
    expect(isValidShell(look)).toBe(true);
    const unit = files.find(({ path }) => path.endsWith("/mnt-nas-media.mount"))?.content;
    expect(unit).toContain(`Requires=${GROUND}\n`);
    expect(unit).toContain("What=nas:/srv/media\nWhere=/mnt/nas/media\nType=nfs\nOptions=soft\n");
  });
});
