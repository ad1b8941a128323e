import { describe, expect, it } from "vitest";
import type { ImageContract, ImageProcess } from "../../../model/image-contract.ts";
import { IMAGES } from "../../../sandbox/images/manifest.ts";
import type { ImageEntry } from "../../../sandbox/images/types.ts";
import { imageContract } from "../../support/fleet.ts";

/** What differs, by the image. */
type ByImage = Readonly<Record<string, readonly string[]>>;

/** Images whose programs are all there, and why. */
const ALL_PROGRAMS: Readonly<Record<string, string>> = {
  "docker.io/rclone/rclone:1.73.2":
    "its start script installs curl and ssh, and the sandbox has nowhere to install from",
};

/** Ports that an original declares and does not listen on as it is run here. */
const DECLARED_ONLY: ByImage = {
  // Its settings open DNS and the page alone.
  "docker.io/adguard/adguardhome:v0.107.73": ["80", "443", "443/udp", "853"],
  // WEBUI_PORT puts the page elsewhere.
  "lscr.io/linuxserver/qbittorrent:5.1.4": ["8080"],
  // DHCP is off.
  "docker.io/pihole/pihole:2025.04.0": ["67/udp"],
  "docker.io/pihole/pihole:2026.02.0": ["67/udp"],
  // Only with --server.
  "docker.io/nicolargo/glances:4.5.1-full": ["61209"],
  // Only with its HTTP API.
  "ghcr.io/nicholas-fedor/watchtower:1.14.2": ["8080"],
};

/** Ports that a program listens on as it is run here, though its image declares them nowhere. */
const HEARD_ONLY: ByImage = {
  // A listener of the declared file.
  "docker.io/library/eclipse-mosquitto:2.0": ["9001"],
  "lscr.io/linuxserver/qbittorrent:5.1.4": ["8081"],
  // Of the cluster, which the declared command turns off.
  "docker.io/prom/alertmanager:v0.31.1": ["9094", "9094/udp"],
  // Built by ko, which declares none.
  "docker.io/headscale/headscale:0.28.0": ["9090", "50443"],
  // Its Dockerfile declares none.
  "docker.io/fredliang/derper:v1.84.2": ["8080", "3478/udp"],
};

/** Images whose first process is another user's than the original's, and why. */
const OTHER_USER: Readonly<Record<string, string>> = {
  "registry.sandbox/household/javya-backend:1.0.0":
    "its Dockerfile names a user without a number, in whose place the declaration names one",
};

const PAIRS = IMAGES.map((entry) => {
  const contract = imageContract(entry.reference);
  if (!contract) throw new Error(`${entry.reference} has no contract`);
  return { entry, contract };
});

/** What the question finds of each image, by its reference; images without anything are left out. */
function found(
  ask: (entry: ImageEntry, contract: ImageContract) => readonly string[] | undefined,
): ByImage {
  return Object.fromEntries(
    PAIRS.flatMap(({ entry, contract }) => {
      const answer = ask(entry, contract) ?? [];
      return answer.length === 0 ? [] : [[entry.reference, answer] as const];
    }),
  );
}

/** Items of the first list that the second has not. */
function beyond(list: readonly string[], other: readonly string[]): string[] {
  return list.filter((item) => !other.includes(item));
}

/** Role and user of the process that the entry starts first, once it serves. */
function firstProcess(entry: ImageEntry): Pick<ImageProcess, "role" | "user"> {
  const { tree, entrypoint = [], user, becomes } = entry;
  const started = user === "" ? "0:0" : user;
  switch (tree?.first) {
    case undefined:
      return entrypoint[0]?.endsWith("/tini")
        ? { role: "init", user: started }
        : { role: "first", user: becomes ?? started };
    case "exec":
      return { role: "first", user: tree.user ? unset(tree.user) : started };
    case "tini":
    case "dumb-init":
      return { role: "init", user: started };
    case "s6":
    case "waits":
      return { role: "supervisor", user: started };
  }
}

/** The user where the variables that name it are not set, e.g. "${PUID:-0}" is 0. */
function unset({ uid, gid }: { readonly uid: string; readonly gid: string }): string {
  return [uid, gid].map((text) => text.replace(/^\$\{\w+:-(\d+)\}$/, "$1")).join(":");
}

describe("the images of the sandbox, beside the contracts of their originals", () => {
  it("have no program for a check that the original lacks, nor any that nobody read of", () => {
    const kinder = found(({ has }, { checkPrograms }) => {
      const known = checkPrograms.value ?? [];
      return has?.filter(
        (program) => !known.some((one) => one.replace(/^python3$/, "python") === program),
      );
    });
    expect(kinder).toEqual({});
  });

  it("hide the programs of the base, but for those that are named with their reason", () => {
    const all = found(({ has }) => (has === undefined ? ["all"] : []));
    expect(Object.keys(all)).toEqual(Object.keys(ALL_PROGRAMS));
  });

  it("declare the volumes of the original", () => {
    const wrong = found(({ volumes }, contract) => {
      const original = contract.volumes.value;
      if (original === undefined) return [];
      return [...beyond(volumes, original), ...beyond(original, volumes)];
    });
    expect(wrong).toEqual({});
  });

  it("declare no port that the original does not listen on, but for those that it only names", () => {
    expect(
      found(({ ports }, contract) => contract.ports.value && beyond(ports, contract.ports.value)),
    ).toEqual(DECLARED_ONLY);
  });

  it("leave out no port that it listens on, but for those that it names nowhere", () => {
    expect(found(({ ports }, contract) => beyond(contract.ports.value ?? [], ports))).toEqual(
      HEARD_ONLY,
    );
  });

  it("stop at the signal of the original", () => {
    const wrong = found((entry, contract) =>
      beyond([entry.stopSignal ?? "SIGTERM"], [contract.stopSignal ?? "SIGTERM"]),
    );
    expect(wrong).toEqual({});
  });

  it("start as their first process one of the original's kind: server, init or supervisor", () => {
    const wrong = found((entry, { processes }) => {
      const [first] = processes.value ?? [];
      return first && beyond([firstProcess(entry).role], [first.role]);
    });
    expect(wrong).toEqual({});
  });

  it("start it as the original's user, but for those that are named with their reason", () => {
    const wrong = found((entry, { processes }) => {
      const [first] = processes.value ?? [];
      return first && beyond([firstProcess(entry).user], [first.user]);
    });
    expect(Object.keys(wrong)).toEqual(Object.keys(OTHER_USER));
  });
});
