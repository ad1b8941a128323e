import {
  DATA_NOT_READ,
  read,
  unread,
  type DataRule,
  type Fact,
  type ImageContract,
  type ImageProcess,
} from "../../model/image-contract.ts";

/** What differs between the images that LinuxServer builds. */
export interface LinuxServerImageArgs {
  readonly reference: string;
  /** "owner/name" of the image's repository at GitHub, and the tag its release was built from. */
  readonly repository: string;
  readonly ref: string;
  /** The program, as its service script starts it. */
  readonly program: string;
  /** User that PUID and PGID make of it, "uid:gid". */
  readonly user: string;
  readonly ports: readonly string[];
  /** Service script, below root/etc/s6-overlay/s6-rc.d. */
  readonly script: string;
  /** Settings that are taken at the first start only. @default none */
  readonly firstStartOnly?: readonly string[];
  /** What the program's versions make of each other's data. @default nobody looked */
  readonly data?: Fact<DataRule>;
}

/**
 * Read at Alpine 3.22, on which Syncthing stands; the others stand on 3.23 and on edge. Its
 * Dockerfile at 3.24 (00d175e) installs the same.
 */
const BASE = "linuxserver/docker-baseimage-alpine";
const BASE_REF = "3d5a8b06a66bdf923dd537912cde796ccf915532";
const ADD_USER = "root/etc/s6-overlay/s6-rc.d/init-adduser/run";
const ENVIRONMENT = "root/etc/s6-overlay/s6-rc.d/init-envfile/run";

/** s6-overlay stays root and watches; the program runs as the household's user. */
function processes(args: LinuxServerImageArgs): readonly ImageProcess[] {
  return [
    { program: "s6-svscan", user: "0:0", role: "supervisor" },
    { program: args.program, user: args.user, role: "server" },
  ];
}

/** The contract of an image that LinuxServer builds on its Alpine base, with s6-overlay 3.2. */
export function linuxServerImage(args: LinuxServerImageArgs): ImageContract {
  const { repository, ref } = args;
  const script = `root/etc/s6-overlay/s6-rc.d/${args.script}`;
  return {
    reference: args.reference,
    tag: read("published", `${repository} ${ref} Jenkinsfile: pushes the release's SEMVER`),
    read: [
      { repository, ref, path: "Dockerfile" },
      { repository, ref, path: script },
      { repository: BASE, ref: BASE_REF, path: "Dockerfile" },
      { repository: BASE, ref: BASE_REF, path: ADD_USER },
      { repository: BASE, ref: BASE_REF, path: ENVIRONMENT },
      { repository: "just-containers/s6-overlay", ref: "v3.2.1.0", path: "conf/versions" },
      { repository: "skarnet/s6", ref: "v2.13.2.0", path: "src/supervision/s6-supervise.c" },
    ],
    processes: read(processes(args), `${repository} ${ref} ${script}: s6-setuidgid abc`),
    capabilities: read(
      {
        // usermod and groupmod, lsiown's chown, and s6-setuidgid.
        start: ["CHOWN", "SETGID", "SETUID"],
        // Root's steps write into /config, which belongs to the user.
        work: ["DAC_OVERRIDE"],
        stop: ["KILL"],
      },
      `${BASE} ${ADD_USER}; skarnet/s6 v2.13.2.0 src/supervision/s6-supervise.c, killt: root's s6-supervise signals the program`,
    ),
    checkPrograms: read(
      ["sh", "bash", "curl", "wget", "jq", "nc", "ps"],
      `${BASE} Dockerfile: busybox, and apk add bash curl jq netcat-openbsd procps-ng`,
    ),
    volumes: read(["/config"], `${repository} ${ref} Dockerfile: VOLUME`),
    ports: read(args.ports, `${repository} ${ref} Dockerfile: EXPOSE, and ${script}`),
    writes: read(["/etc", "/run", "/tmp"], `${BASE} ${ADD_USER}, and s6-overlay's own /run`),
    firstStartOnly: args.firstStartOnly
      ? read(args.firstStartOnly, `${repository} ${ref}: copied where no file is there yet`)
      : unread("the program keeps its settings in /config and takes none of ours from a variable"),
    memoryFloor: unread("its makers state no least memory"),
    secretReader: read("0:0", `${BASE} ${ENVIRONMENT}: root reads FILE__ variables`),
    data: args.data ?? DATA_NOT_READ,
    secrets: "file-variable",
  };
}
