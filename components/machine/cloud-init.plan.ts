import { stringify } from "yaml";
import type { MachineDeclaration } from "../../model/declared-machine.ts";

/** Where the client of the mesh lies on the machine. */
const CLIENT_FOLDER = "/usr/local/bin";

/** The first group number of a person; the copies of Headscale's data are readable for it. */
const FIRST_PERSON = 1000;

const TAILSCALED = `[Unit]
Description=Client of the mesh
Wants=network-pre.target
After=network-pre.target NetworkManager.service systemd-resolved.service

[Service]
Type=notify
ExecStart=${CLIENT_FOLDER}/tailscaled --state=/var/lib/tailscale/tailscaled.state --socket=/run/tailscale/tailscaled.sock --port=41641
ExecStopPost=${CLIENT_FOLDER}/tailscaled --cleanup
Restart=on-failure
RuntimeDirectory=tailscale
RuntimeDirectoryMode=0755
StateDirectory=tailscale
StateDirectoryMode=0700
CacheDirectory=tailscale
CacheDirectoryMode=0750

[Install]
WantedBy=multi-user.target
`;

/**
 * What the machine does once, when it first boots: the engine, what the boot orchestrator and the
 * mounts need, the person who logs in, and the client of the mesh, running but not joined. Joining
 * comes later and over ssh, because the coordinator of the mesh is a container of this very
 * machine, and because whatever stands here can be read by every process of the machine for as
 * long as it lives: it is no place for a key.
 *
 * @param meshClient image of the client, with its digest. The client is taken out of it: Debian
 * does not package it
 */
export function cloudInit(
  machine: Pick<MachineDeclaration, "loginUser" | "sshKeys" | "coordinator" | "dnsName">,
  meshClient: string,
): string {
  const keys = Object.values(machine.sshKeys);
  const config = {
    hostname: machine.dnsName.split(".")[0],
    fqdn: machine.dnsName,
    // The provider's image would write /etc/hosts anew at each boot, and lose our line.
    manage_etc_hosts: false,
    ssh_pwauth: false,
    // A deployment writes units and mounts, so it logs in as root; by key alone.
    disable_root: false,
    users: [
      { name: "root", lock_passwd: true, ssh_authorized_keys: keys },
      {
        name: machine.loginUser,
        uid: FIRST_PERSON,
        shell: "/bin/bash",
        groups: ["sudo", "docker"],
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        lock_passwd: true,
        ssh_authorized_keys: keys,
      },
    ],
    groups: ["docker"],
    package_update: true,
    package_upgrade: true,
    packages: ["docker.io", "docker-cli", "nodejs", "fail2ban", "unattended-upgrades"],
    write_files: [
      { path: "/etc/systemd/system/tailscaled.service", permissions: "0644", content: TAILSCALED },
      {
        path: "/etc/sysctl.d/90-homelab-mesh.conf",
        permissions: "0644",
        // The machine is an exit node of the mesh.
        content: "net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\n",
      },
    ],
    runcmd: [
      "systemctl enable --now docker",
      "sysctl --quiet --system",
      ...(machine.coordinator === undefined ? [] : [ownAddress(machine.coordinator)]),
      `docker create --quiet --name mesh-client ${meshClient}`,
      ...["tailscale", "tailscaled"].map(
        (program) => `docker cp mesh-client:/usr/local/bin/${program} ${CLIENT_FOLDER}/${program}`,
      ),
      "docker rm mesh-client",
      "systemctl daemon-reload",
      "systemctl enable --now tailscaled",
    ],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

/** So that no outage of DNS separates this machine from the coordinator that it runs itself. */
function ownAddress(name: string): string {
  return `grep -q ' ${name}$' /etc/hosts || echo '127.0.0.1 ${name}' >> /etc/hosts`;
}
