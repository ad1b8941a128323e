import { DATA_NOT_READ, read, unread, type ImageContract } from "../../model/image-contract.ts";

/** What the versions of Pi-hole used here have alike. */
function pihole(version: string, tag: string): ImageContract {
  const repository = "pi-hole/docker-pi-hole";
  const start = `${repository} ${version} src/start.sh`;
  const functions = `${repository} ${version} src/bash_functions.sh`;
  const dockerfile = `${repository} ${version} src/Dockerfile`;
  const prestart = "pi-hole/pi-hole v6.0.6 advanced/Templates/pihole-FTL-prestart.sh";
  return {
    reference: `docker.io/pihole/pihole:${version}`,
    tag: read("published", tag),
    read: [
      { repository, ref: version, path: "src/Dockerfile" },
      { repository, ref: version, path: "src/start.sh" },
      { repository, ref: version, path: "src/bash_functions.sh" },
      {
        repository: "pi-hole/pi-hole",
        ref: "v6.0.6",
        path: "advanced/Templates/pihole-FTL-prestart.sh",
      },
    ],
    processes: read(
      [
        { program: "start.sh", user: "0:0", role: "supervisor" },
        { program: "pihole-FTL", user: "1000:1000", role: "server" },
        { program: "crond", user: "0:0", role: "server" },
      ],
      `${start}: capsh --user="\${DNSMASQ_USER}", then wait; ${dockerfile}: PIHOLE_UID=1000`,
    ),
    capabilities: read(
      {
        start: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETFCAP", "SETGID", "SETUID"],
        work: [],
        stop: ["KILL"],
      },
      `${prestart} (chown, chmod), ${functions}: fix_capabilities ends it when setcap fails; ` +
        `${start}: stop() is killall by root of another user's pihole-FTL`,
    ),
    checkPrograms: read(
      ["sh", "bash", "dig", "curl", "wget", "grep", "jq", "ncat", "nc", "killall", "pidof"],
      `${dockerfile}: alpine with bind-tools, curl, wget, jq, nmap-ncat, psmisc`,
    ),
    volumes: read([], `${dockerfile}: no VOLUME`),
    ports: read(
      ["53", "53/udp", "80", "123/udp", "443"],
      `${dockerfile}: EXPOSE, without 67/udp, which listens with DHCP alone`,
    ),
    writes: read(
      ["/etc/pihole", "/etc/dnsmasq.d", "/var/log/pihole", "/run", "/dev/shm", "/crontab.txt"],
      `${prestart} and ${start}`,
    ),
    firstStartOnly: read(
      [],
      "docs.pi-hole.net/docker/configuration: FTLCONF_ variables count at every start",
    ),
    memoryFloor: unread(
      "docs.pi-hole.net asks for 512 MB of a whole machine; nobody says what FTL itself takes",
    ),
    secretReader: read("0:0", `${functions}: setup_web_password, run by start.sh as root`),
    data: DATA_NOT_READ,
    secrets: "file-variable",
  };
}

/** Pi-hole of the home network. */
export const PIHOLE_2025_04_IMAGE = pihole(
  "2025.04.0",
  "public compose files and Nix modules run pihole/pihole:2025.04.0",
);

/** Pi-hole of the VPS. */
export const PIHOLE_2026_02_IMAGE = pihole(
  "2026.02.0",
  "public Dockerfiles build FROM pihole/pihole:2026.02.0@sha256:ee348529cea9601df86ad94d62a39cad26117e1eac9e82d8876a…",
);
