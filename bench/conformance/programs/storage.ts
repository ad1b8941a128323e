// Copies, shares and files.
import { IMAGES } from "../../../sandbox/images/manifest.ts";
import { household } from "../../../sandbox/images/entries/media.ts";
import { answers } from "../answers.ts";
import type { RealImage, RealProgram } from "../real-program.ts";

const DEBIAN: RealImage = { root: "debian", entry: {} };

/** The run script of the image, with Debian's program. */
const SYNCTHING: RealImage = {
  root: "debian",
  entry: {
    tree: household(
      ...["syncthing", "--home=/config", "--no-browser", "--no-restart", "--no-upgrade"],
      "--gui-address=0.0.0.0:8384",
    ),
  },
};

const RCLONE_PATHS = IMAGES.find(({ reference }) => reference.includes("/rclone:"))?.paths ?? [];

/** Programs that copy and share. */
export const STORAGE: readonly RealProgram[] = [
  {
    service: "nas/restic-rest",
    from: "Go module github.com/restic/rest-server",
    version: ["rest-server", "--version"],
    question: "who it is to somebody without a login, and whether it makes a repository for one",
    ask: `curl -s -o /dev/null -w '%{http_code}\\n' -X POST "http://$address:8000/conformance/?create=true"
curl -s -o /dev/null -w '%{http_code}\\n' "http://$address:8000/"`,
    right: answers(/^401\n401$/m),
  },
  {
    service: "nas/offsite-sync",
    from: "Go module github.com/rclone/rclone",
    image: {
      root: "sandbox",
      entry: { paths: RCLONE_PATHS, programs: [{ name: "rclone", path: "/usr/bin/rclone" }] },
    },
    version: ["rclone", "version"],
    question: "takes our configuration of remotes, and copies a folder between two places",
    ask: `in_it sh -c 'mkdir -p /tmp/from && echo sent > /tmp/from/file && rclone listremotes && rclone sync /tmp/from /tmp/to && rclone check /tmp/from /tmp/to 2>&1 && cat /tmp/to/file'`,
    right: answers(/0 differences found[^]*^sent$/m),
  },
  {
    service: "docker-vm/caddy-backup",
    from: "Go module github.com/restic/restic",
    version: ["restic", "version"],
    question: "makes a repository, copies a folder into it, checks it and gives a file back",
    ask: `in_it sh <<'END'
export RESTIC_PASSWORD=conformance RESTIC_CACHE_DIR=/tmp/cache
rm -rf /tmp/repository
restic -q -r /tmp/repository init && restic -q -r /tmp/repository backup /etc/passwd &&
restic -q -r /tmp/repository check && restic -q -r /tmp/repository dump latest /etc/passwd
END`,
    right: answers(/^root:x:0:0:/m),
  },
  {
    service: "nas/samba",
    from: "Debian 13",
    image: DEBIAN,
    version: ["smbd", "--version"],
    question: "takes a file from who has the declared password, and shows it; refuses a guest",
    ask: `echo shared > /tmp/conformance
docker cp /tmp/conformance "$name:/tmp/conformance" > /dev/null
in_it sh -c 'smbclient //127.0.0.1/data -U "$USER%$(cat /run/secrets/pass)" -c "put /tmp/conformance conformance; ls conformance"'
in_it smbclient //127.0.0.1/data -N -c ls 2>&1`,
    right: answers(/^\s+conformance\s+\S+\s+7 [^]*NT_STATUS_(ACCESS_DENIED|LOGON_FAILURE)/m),
  },
  {
    service: "nas/syncthing",
    from: "Debian 13",
    image: SYNCTHING,
    version: ["syncthing", "--version"],
    question: "its own identity, with the key that it made",
    ask: `key=$(in_it sed -n 's:.*<apikey>\\(.*\\)</apikey>.*:\\1:p' /config/config.xml)
curl -fsS -H "X-API-Key: $key" "http://$address:8384/rest/system/status"`,
    right: answers(/"myID":\s*"[A-Z0-9-]{60,}"/),
  },
];
