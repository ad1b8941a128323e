// What the programs of real machines print: Debian 12 (iproute2 6.1, systemd 252), and where they
// differ, Debian 13 and Ubuntu 24.04.

/** `ss -lntupH` of a Debian 12 with sshd, chrony and node_exporter, as root. */
export const LISTENERS = `udp   UNCONN 0      0          127.0.0.1:323        0.0.0.0:*    users:(("chronyd",pid=611,fd=5))
udp   UNCONN 0      0              [::1]:323           [::]:*    users:(("chronyd",pid=611,fd=6))
udp   UNCONN 0      0            0.0.0.0:41641      0.0.0.0:*    users:(("tailscaled",pid=702,fd=14))
tcp   LISTEN 0      128          0.0.0.0:22         0.0.0.0:*    users:(("sshd",pid=689,fd=3))
tcp   LISTEN 0      128             [::]:22            [::]:*    users:(("sshd",pid=689,fd=4))
tcp   LISTEN 0      4096               *:9100             *:*    users:(("prometheus-node",pid=640,fd=3))
`;

/** What Ubuntu 24.04's systemd-resolved (255) adds; 252 has no 127.0.0.54. */
export const RESOLVED = `udp   UNCONN 0      0         127.0.0.54:53         0.0.0.0:*    users:(("systemd-resolve",pid=602,fd=16))
udp   UNCONN 0      0      127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=602,fd=14))
tcp   LISTEN 0      4096   127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=602,fd=15))
tcp   LISTEN 0      4096      127.0.0.54:53         0.0.0.0:*    users:(("systemd-resolve",pid=602,fd=17))
`;

/** `ip -4 route show table all` of a host with Tailscale and one network of the engine's own. */
export const ROUTES = `100.82.77.97 dev tailscale0 table 52
100.100.100.100 dev tailscale0 table 52
default via 192.168.0.1 dev ens18 proto dhcp src 192.168.0.10 metric 100
172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1 linkdown
192.168.0.0/24 dev ens18 proto kernel scope link src 192.168.0.10 metric 100
192.168.0.1 dev ens18 proto dhcp scope link src 192.168.0.10 metric 100
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1
broadcast 127.255.255.255 dev lo table local proto kernel scope link src 127.0.0.1
local 192.168.0.10 dev ens18 table local proto kernel scope host src 192.168.0.10
broadcast 192.168.0.255 dev ens18 table local proto kernel scope link src 192.168.0.10
`;

/** A network as the check's own format prints it. */
export function networkLine(name: string, id: string, subnet?: string): string {
  const settings = subnet === undefined ? "[]" : JSON.stringify([{ Subnet: subnet }]);
  return `${name}\t${id.repeat(64)}\t${settings}\n`;
}

/** The engine's networks on a fresh host. */
export const NETWORKS =
  networkLine("bridge", "a", "172.17.0.0/16") + networkLine("host", "b") + networkLine("none", "c");

/** What `docker info --format '{{json .}}'` of docker.io 26.1.5 in Debian 13 says, as far as it is read. */
const INFO = {
  ID: "2f1c7a52-5a0d-4a8c-9d3d-3d7c4ab9a7a1",
  Containers: 0,
  Driver: "overlay2",
  DriverStatus: [
    ["Backing Filesystem", "extfs"],
    ["Supports d_type", "true"],
    ["Using metacopy", "false"],
    ["Native Overlay Diff", "true"],
    ["userxattr", "false"],
  ],
  MemoryLimit: true,
  SwapLimit: true,
  CgroupDriver: "systemd",
  CgroupVersion: "2",
  KernelVersion: "6.12.48+deb13-amd64",
  OperatingSystem: "Debian GNU/Linux 13 (trixie)",
  RegistryConfig: {
    InsecureRegistryCIDRs: ["::1/128", "127.0.0.0/8"],
    IndexConfigs: { "docker.io": { Name: "docker.io", Mirrors: [], Secure: true, Official: true } },
    Mirrors: null,
  },
  DockerRootDir: "/var/lib/docker",
  HttpProxy: "",
  HttpsProxy: "",
  NoProxy: "",
  Name: "docker-vm",
  ServerVersion: "26.1.5+dfsg1",
  SecurityOptions: ["name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"],
  Warnings: null,
};

/** The same of an engine that differs in some fields. */
export function dockerInfo(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ ...INFO, ...changes });
}

/** An engine that does not run: the client answers with empty fields, and complains. */
export const NO_ENGINE = `${JSON.stringify({ ID: "", Driver: "", DockerRootDir: "", ServerVersion: "", OperatingSystem: "", MemoryLimit: false, SecurityOptions: null, RegistryConfig: null })}
Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?`;

/** podman-docker 4.3.1 of Debian 12. */
export const PODMAN = `Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.
{"host":{"arch":"amd64","buildahVersion":"1.28.2","cgroupManager":"systemd","cgroupVersion":"v2"},"store":{"configFile":"/usr/share/containers/storage.conf","graphDriverName":"overlay","graphRoot":"/var/lib/containers/storage"},"registries":{},"plugins":{},"version":{"APIVersion":"4.3.1","Version":"4.3.1"}}`;
