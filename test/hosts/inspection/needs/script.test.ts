import { describe, expect, it } from "vitest";
import { parseAnswer } from "../../../../hosts/inspection/answer.ts";
import { checkScript } from "../../../../hosts/inspection/script.ts";
import { hostNamed } from "../../../support/fleet.ts";
import { ScriptRoom } from "../../../support/script.ts";
import * as printed from "./printed.ts";

const vps = hostNamed("vps");

/** A machine whose programs print what is given. */
function machine(programs: Readonly<Record<string, string>>): ScriptRoom {
  const room = new ScriptRoom();
  for (const [name, body] of Object.entries(programs)) room.program(name, body);
  return room;
}

function print(text: string): string {
  return `cat <<'END'\n${text}\nEND`;
}

const WELL = {
  docker: `case "$1 $2" in
  "info --format") ${print(printed.dockerInfo())}
  ;;
  "network ls") echo aaa ;;
  "network inspect") ${print(printed.NETWORKS.trim())}
  ;;
  *) exit 1 ;;
esac`,
  ss: print(printed.LISTENERS.trim()),
  ip: print(printed.ROUTES.trim()),
  // The folders of the room, so that this computer's node is found there or nowhere.
  systemctl: `[ "$1" != show-environment ] || echo "LANG=C.UTF-8\nPATH=\${0%/*}:/nowhere"`,
  node: "echo v18.20.4",
  timedatectl: print("NTP=yes\nNTPSynchronized=yes"),
  curl: `case "$*" in *ghcr.io*) echo "curl: (6) Could not resolve host: ghcr.io" >&2; printf 000; exit 6 ;; *) printf 401 ;; esac`,
};

describe("the check's script on a machine", () => {
  const room = machine(WELL);
  const answer = parseAnswer(room.run(checkScript(vps, []), []).stdout);

  it("brings what the machine's programs print to where it is read", () => {
    expect(answer.docker).toMatchObject({ kind: "engine", driver: "overlay2" });
    expect(answer.listeners).toHaveLength(6);
    expect(answer.listeners[5]).toEqual({
      ...{ protocol: "tcp", address: "*", port: 9100, program: "prometheus-node", pid: 640 },
    });
    expect(answer.routes.map(({ to }) => to.text)).toContain("192.168.0.0/24");
    expect(answer.routes.map(({ to }) => to.text)).not.toContain("default");
    expect(answer.addresses).toEqual(["127.0.0.1", "192.168.0.10"]);
    expect(answer.networks.map(({ name, device }) => `${name} ${device}`)).toEqual([
      "bridge docker0",
      "host br-bbbbbbbbbbbb",
      "none br-cccccccccccc",
    ]);
    expect(answer.timedatectl).toContain("NTPSynchronized=yes");
    expect(answer.user).toMatch(/^\d+$/);
    expect(answer.watches).toBeGreaterThan(0);
    expect(Math.abs((answer.clock ?? 0) - Date.now() / 1000)).toBeLessThan(60);
  });

  it("looks for Node.js where a unit of systemd does", () => {
    expect(answer.node.version).toBe("v18.20.4");
    expect(answer.node.path).toBe(`${room.path("/bin")}:/nowhere`);
    const without = machine({ ...WELL, systemctl: 'echo "PATH=/nowhere"' });
    const other = parseAnswer(without.run(checkScript(vps, []), []).stdout);
    expect(other.node.version).toContain("No such file or directory");
    expect(other.node.login).toBe(without.path("/bin/node"));
  });

  it("asks each registry once, and keeps the complaint of one that does not answer", () => {
    expect(answer.registries["docker.io"]).toBe("401");
    expect(answer.registries["ghcr.io"]).toBe("curl: (6) Could not resolve host: ghcr.io 000");
  });

  it("says how much is left on the disk of the images", () => {
    expect(answer.imageDisk).toMatch(/^\//);
    expect(answer.disks[answer.imageDisk]?.free).toBeGreaterThan(0);
  });

  it("ends without a word about what the machine has no program for", () => {
    const bare = machine({
      ...{ docker: "exit 127", ss: "exit 127", ip: "exit 127", curl: "exit 127" },
      ...{ systemctl: "exit 1", timedatectl: "exit 1" },
    });
    const silent = parseAnswer(bare.run(checkScript(vps, []), []).stdout);
    expect(silent).toMatchObject({
      ...{ docker: undefined, listeners: [], routes: [], networks: [], timedatectl: "" },
      registries: {},
    });
  });
});
