import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { NamedContainer } from "../../../cli/adopt/container.ts";
import { copyScript, ownerOf, plannedCopies } from "../../../cli/adopt/data.ts";
import type { ServiceDeclaration } from "../../../model/declaration.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { IMAGE_CONTRACTS } from "../../support/fleet.ts";
import { ScriptRoom } from "../../support/script.ts";
import { site } from "../../support/site.ts";

const service = (name: string): ServiceDeclaration => {
  const all = declareFleet(site)["docker-vm"].declaration.services;
  const found = all.find((each) => each.name === name);
  if (!found) throw new Error(name);
  return found;
};
const vaultwarden = service("vaultwarden");

function container(source: string, changes: Partial<NamedContainer> = {}): NamedContainer {
  return {
    id: "a".repeat(64),
    name: "vault-vaultwarden-1",
    image: "vaultwarden/server:latest",
    created: "2026-01-02T03:04:05Z",
    status: "running",
    labels: {},
    mounts: [{ source, target: "/data", nameless: false }],
    removesItself: false,
    ...changes,
  };
}
const nothingSaid = { volumes: [], leaveData: false };

describe("the data of a container that is taken over", () => {
  it("needs no copy where the declared service mounts the same volume at the same place", () => {
    expect(plannedCopies(vaultwarden, container("vaultwarden-data"), nothingSaid)).toEqual([]);
  });

  it.each(["vault_data", "/home/me/vault/data"])(
    "in %s is never forgotten: the message has the option that copies it",
    (source) => {
      const plan = () => plannedCopies(vaultwarden, container(source), nothingSaid);
      expect(plan).toThrow(`--volume ${source}=vaultwarden-data`);
    },
  );

  it("is copied as said, or left when that was said", () => {
    const present = container("vault_data");
    const volumes = ["vault_data=vaultwarden-data"];
    expect(plannedCopies(vaultwarden, present, { volumes, leaveData: false })).toEqual([
      { from: "vault_data", to: "vaultwarden-data" },
    ]);
    expect(plannedCopies(vaultwarden, present, { volumes: [], leaveData: true })).toEqual([]);
  });

  it.each(["vault_date=vaultwarden-data", "vault_data=vaultwarden-date", "vault_data", "a=b=c"])(
    "is not guessed from --volume %s",
    (word) => {
      const options = { volumes: [word], leaveData: false };
      expect(() => plannedCopies(vaultwarden, container("vault_data"), options)).toThrow(
        "--volume takes <old>=<declared>",
      );
    },
  );

  it("is refused when stopping the container would delete it", () => {
    const nameless = "b".repeat(64);
    const present = container(nameless, {
      removesItself: true,
      mounts: [{ source: nameless, target: "/data", nameless: true }],
    });
    const options = { volumes: [`${nameless}=vaultwarden-data`], leaveData: false };
    expect(() => plannedCopies(vaultwarden, present, options)).toThrow("--rm");
  });

  it("becomes the property of a user that cannot take it by itself", () => {
    expect(ownerOf(service("grafana"), IMAGE_CONTRACTS)).toBe("472:0");
    expect(ownerOf(vaultwarden, IMAGE_CONTRACTS)).toBeUndefined();
  });
});

describe("the copy on the host", () => {
  /** A host with the volumes `old` and `new`, whose engine only notes what it is told. */
  function host(): ScriptRoom {
    const room = new ScriptRoom();
    for (const name of ["old", "new"]) mkdirSync(room.path(`/v/${name}`), { recursive: true });
    room.file("/v/old/db.sqlite3", "bytes");
    room.file("/v/old/attachments/one two", "more");
    chmodSync(room.path("/v/old/db.sqlite3"), 0o600);
    room.program(
      "docker",
      `[ "$1 $2" != "volume inspect" ] || { for name; do :; done; echo "local 0 ${room.path("/v")}/$name"; }`,
    );
    return room;
  }
  const copy = (room: ScriptRoom) =>
    room.run(copyScript("cafe", 5, [{ from: "old", to: "new" }], undefined), ["/opt/homelab"]);
  const calls = (room: ScriptRoom) => readFileSync(room.path("/calls/docker"), "utf8");

  it("stops the container first, and gives the same bytes with the same rights", () => {
    const room = host();
    const { exitCode, stderr } = copy(room);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(readFileSync(room.path("/v/new/db.sqlite3"), "utf8")).toBe("bytes");
    expect(statSync(room.path("/v/new/db.sqlite3")).mode & 0o777).toBe(0o600);
    expect(readFileSync(room.path("/v/new/attachments/one two"), "utf8")).toBe("more");
    expect(calls(room).split("\n")[0]).toBe("stop -t 5 cafe");
    expect(calls(room)).not.toContain("start cafe");
  });

  it("can be repeated, and goes on with one that was interrupted", () => {
    const room = host();
    copy(room);
    expect(copy(room).exitCode).toBe(0);
    room.file("/opt/homelab/state/copies/new", "");
    writeFileSync(room.path("/v/new/db.sqlite3"), "half");
    expect(copy(room).exitCode).toBe(0);
    expect(readFileSync(room.path("/v/new/db.sqlite3"), "utf8")).toBe("bytes");
    expect(existsSync(room.path("/opt/homelab/state/copies/new"))).toBe(false);
  });

  it("starts the container again when who asked for it is gone, and copies nothing", () => {
    const room = host();
    room.runWithoutReader(copyScript("cafe", 5, [{ from: "old", to: "new" }], undefined), [
      "/opt/homelab",
    ]);
    expect(calls(room)).toContain("stop -t 5 cafe");
    expect(calls(room)).toContain("start cafe");
    expect(existsSync(room.path("/v/new/db.sqlite3"))).toBe(false);
  });

  it("touches no data that is there already, and starts the container again", () => {
    const room = host();
    room.file("/v/new/db.sqlite3", "somebody's");
    const { exitCode, stderr } = copy(room);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("new has other data in it already");
    expect(readFileSync(room.path("/v/new/db.sqlite3"), "utf8")).toBe("somebody's");
    expect(calls(room)).toContain("start cafe");
  });
});
