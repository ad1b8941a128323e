import type { HostAnswer } from "../answer.ts";
import type { Verdict } from "../rows.ts";
import type { DockerInfo } from "./docker-info.ts";

const PACKAGES =
  "install Docker Engine from Debian's or its own packages (docker.io, docker-ce), version 25 or newer";

type Engine = Extract<DockerInfo, { kind: "engine" }>;

/** What is in the way of a deployment for each other way of running Docker, and the way back. */
const SPECIAL: Readonly<Record<NonNullable<Engine["special"]>, readonly [string, string]>> = {
  snap: [
    "it is the snap, which sees nothing of /opt and /run, where the containers' files are, and has no docker.service",
    `snap remove docker, then ${PACKAGES}`,
  ],
  rootless: [
    "it runs without root: it cannot bind port 53, nor see the folders and devices that containers are given",
    `dockerd-rootless-setuptool.sh uninstall as its user, then ${PACKAGES}; \`docker context use default\` for root`,
  ],
  desktop: [
    "it is Docker Desktop, whose containers are in a virtual machine of their own",
    `remove docker-desktop, then ${PACKAGES}`,
  ],
  "user namespaces": [
    "userns-remap is on: root of a container is somebody else on the host, and can read none of the files written for it",
    "remove userns-remap from /etc/docker/daemon.json, then: systemctl restart docker",
  ],
};

/** The points about which Docker it is, how it keeps images, and whether limits count. */
export function dockerRows({ docker }: Pick<HostAnswer, "docker">): Verdict[] {
  if (!docker) return [];
  if (docker.kind === "podman") {
    return [
      {
        check: "docker kind",
        state: "failure",
        seen: "`docker` is podman's stand-in, which knows neither health checks at start nor the order at boot as this program uses them",
        remedy: `apt-get remove podman-docker, then ${PACKAGES}`,
      },
    ];
  }
  return [...kindRows(docker), storageRow(docker), ...limitRows(docker)];
}

function kindRows({ special }: Engine): Verdict[] {
  if (special === undefined) return [];
  const [seen, remedy] = SPECIAL[special];
  return [{ check: "docker kind", state: "failure", seen, remedy }];
}

function storageRow({ driver, containerdStore }: Engine): Verdict {
  const check = "docker storage";
  if (driver === "vfs") {
    return {
      check,
      state: "warning",
      seen: "vfs, which copies each layer of each image whole: many times the disk and the time",
      remedy:
        "put the engine's folder on ext4, or xfs with ftype=1, remove storage-driver from /etc/docker/daemon.json, then: systemctl restart docker",
    };
  }
  const seen = containerdStore
    ? `${driver} in containerd's store; deployments are quicker with the engine's own (docs/adr/0002-sandbox-of-real-machines.md)`
    : driver;
  return { check, state: "ok", seen, remedy: "" };
}

/** Raspberry Pi OS and others start the kernel with the memory controller off. */
function limitRows({ memoryLimit }: Engine): Verdict[] {
  if (memoryLimit) return [];
  return [
    {
      check: "docker limits",
      state: "failure",
      seen: "the kernel limits no container's memory, so one of them can end all others",
      remedy:
        "add cgroup_enable=memory cgroup_memory=1 to the kernel's command line (/boot/firmware/cmdline.txt, or GRUB_CMDLINE_LINUX and update-grub), then reboot",
    },
  ];
}
