import { parseSite } from "../../model/site.ts";

/** A site as Pulumi.yaml describes one, with made-up values that differ from each other. */
export const site = parseSite({
  domain: "home.example",
  timezone: "America/Asuncion",
  adminUser: "admin",
  hosts: {
    vps: { lan: "198.51.100.7", mesh: "100.64.0.1" },
    nas: { lan: "192.0.2.12", mesh: "100.64.0.2" },
    "docker-vm": { lan: "192.0.2.10", mesh: "100.64.0.3" },
  },
  certificates: {
    vps: { issuer: "acme", email: "admin@home.example" },
    "docker-vm": { issuer: "internal" },
  },
  nasMounts: { type: "nfs", source: "192.0.2.12:", options: "defaults,_netdev,nofail" },
  renderGroups: ["992", "44"],
  dnsUpstreams: ["192.0.2.53", "192.0.2.54"],
  javya: { registry: "git.home.example/household" },
});

/** A public key whose private half nobody has. */
export const SIGNER_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAm2ICjL7yusN6A2Gy/6y7sEG/sE6e0ldRmADFIm4MmG ana@laptop";
