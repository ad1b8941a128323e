import { read, unread, type ImageContract } from "../../model/image-contract.ts";

/** A mirror; Forgejo's own repository is at Codeberg. */
const REPOSITORY = "offsoc/forgejo";
const REF = "v11.0.1";
const DOCKERFILE = `${REPOSITORY} ${REF} Dockerfile`;
const SSHD = "openssh/openssh-portable V_9_9_P1 sshd-session.c";
const SUPERVISE = "skarnet/s6 v2.13.1.0 src/supervision/s6-supervise.c";
const SETUP = `${REPOSITORY} ${REF} docker/root/etc/s6/gitea/setup`;

/** Forgejo and an sshd under s6, in the image that starts as root. */
export const FORGEJO_11_IMAGE: ImageContract = {
  reference: "codeberg.org/forgejo/forgejo:11.0",
  tag: read("published", "named by public compose and Nomad files that pull it"),
  read: [
    ...[
      "Dockerfile",
      "docker/root/usr/bin/entrypoint",
      "docker/root/etc/s6/gitea/setup",
      "docker/root/etc/s6/gitea/run",
      "docker/root/etc/s6/gitea/finish",
      "docker/root/etc/s6/openssh/setup",
      "docker/root/etc/s6/openssh/run",
      "docker/root/etc/s6/openssh/finish",
    ].map((path) => ({ repository: REPOSITORY, ref: REF, path })),
    { repository: "openssh/openssh-portable", ref: "V_9_9_P1", path: "sshd-session.c" },
    { repository: "skarnet/s6", ref: "v2.13.1.0", path: "src/supervision/s6-supervise.c" },
  ],
  processes: read(
    [
      { program: "s6-svscan", user: "0:0", role: "supervisor" },
      { program: "gitea", user: "1000:1000", role: "server" },
      { program: "sshd", user: "0:0", role: "server" },
    ],
    `${REPOSITORY} ${REF} docker/root/etc/s6: su-exec $USER for the one, root for the other`,
  ),
  capabilities: read(
    {
      // The setup writes into folders of the git user and hands them over.
      start: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"],
      // sshd shuts each connection that has not logged in yet into an empty folder.
      work: ["SYS_CHROOT"],
      stop: ["KILL"],
    },
    `${SETUP}; ${SSHD}, privsep_preauth_child: chroot; ${SUPERVISE}, killt`,
  ),
  checkPrograms: read(
    ["sh", "bash", "curl", "wget", "nc", "git"],
    `${DOCKERFILE}: alpine with bash and curl`,
  ),
  volumes: read(["/data"], `${DOCKERFILE}: VOLUME`),
  ports: read(["22", "3000"], `${DOCKERFILE}: EXPOSE`),
  writes: read(
    ["/data", "/etc", "/app/gitea", "/tmp"],
    `${SETUP}, and docker/root/usr/bin/entrypoint`,
  ),
  firstStartOnly: read(
    // Variables of the form FORGEJO__section__KEY are written into app.ini at every start.
    ["SECRET_KEY", "APP_NAME", "RUN_MODE", "DOMAIN", "SSH_DOMAIN", "ROOT_URL", "INSTALL_LOCK"],
    `${SETUP}: the template is filled only where there is no app.ini`,
  ),
  memoryFloor: unread("its documentation names memory for machines, not for the process"),
  secretReader: read("0:0", `${SETUP}: environment-to-ini runs as root`),
  data: read(
    { olderOpens: "never", newerOpens: true },
    `${REPOSITORY} 060fb7f models/forgejo_migrations/migrate.go: refuses a database newer than it knows`,
  ),
  secrets: "file-variable",
};
