import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PUBLIC_KEY } from "../../support/rented-site.ts";
import { ADDRESS, openCloudLab, TOKEN, type CloudLab } from "./cloud-lab.ts";

const UP = ["up", "--yes", "--skip-preview"];
const LABELS = { "managed-by": "homelab" };

let lab: CloudLab;
beforeAll(async () => {
  lab = await openCloudLab("test/e2e/cloud/machine-program.mjs", {});
});
beforeEach(() => {
  lab.hetzner.changes.length = 0;
});
afterAll(() => lab.close());

/** What a change was, without the numbers in its path. */
const changes = () => lab.hetzner.changes.map(({ request }) => request.replace(/\d+/, "{id}"));

const inward = (protocol: string, port?: string) => ({
  direction: "in",
  protocol,
  ...(port !== undefined && { port }),
  source_ips: ["0.0.0.0/0", "::/0"],
});

describe("a rented machine, made by the real provider at an imitated Hetzner", () => {
  it("is only planned by a preview", async () => {
    const { code, output } = await lab.pulumi("preview");
    expect(code, output).toBe(0);
    expect(output).toContain("8 to create");
    expect(changes()).toEqual([]);
  });

  it("is a server with its firewall, key, protection and names, and nothing else", async () => {
    const { code, output } = await lab.pulumi(...UP);
    expect(code, output).toBe(0);
    expect(lab.hetzner.mistakes).toEqual([]);
    expect(changes().sort()).toEqual([
      "POST /firewalls",
      "POST /servers",
      "POST /servers/{id}/actions/change_dns_ptr",
      "POST /servers/{id}/actions/change_dns_ptr",
      "POST /servers/{id}/actions/change_protection",
      "POST /ssh_keys",
    ]);
    const { hetzner } = lab;
    const key = hetzner.only(hetzner.sshKeys);
    expect(key).toMatchObject({ name: "vps-laptop", public_key: PUBLIC_KEY, labels: LABELS });
    const firewall = hetzner.only(hetzner.firewalls);
    expect(firewall).toMatchObject({ name: "vps", labels: LABELS });
    expect(firewall.rules).toHaveLength(6);
    for (const rule of [
      inward("tcp", "22"),
      inward("tcp", "80"),
      inward("tcp", "443"),
      inward("udp", "443"),
      inward("udp", "3478"),
      inward("icmp"),
    ]) {
      expect(firewall.rules).toContainEqual(expect.objectContaining(rule));
    }
    const { request, protection, names } = hetzner.only(hetzner.servers);
    expect(request).toEqual({
      name: "vps",
      server_type: "cx23",
      location: "fsn1",
      image: 21,
      ssh_keys: [key.id],
      firewalls: [{ firewall: firewall.id }],
      labels: LABELS,
      user_data: expect.stringMatching(/^#cloud-config\n/) as string,
    });
    expect(protection).toEqual({ delete: true, rebuild: true });
    expect(Object.fromEntries(names)).toEqual({
      [ADDRESS]: "vps.home.example",
      "2001:db8:0:1::1": "vps.home.example",
    });
  });

  it("needs nothing at the second deployment, also when Hetzner is asked", async () => {
    for (const refresh of ["--refresh=false", "--refresh"]) {
      const { code, output } = await lab.pulumi(...UP, refresh, "--expect-no-changes");
      expect(code, output).toBe(0);
    }
    expect(changes()).toEqual([]);
  });

  it("has its firewall put right when somebody opened a port by hand", async () => {
    const firewall = lab.hetzner.only(lab.hetzner.firewalls);
    const before = firewall.rules;
    firewall.rules = before.map((rule) =>
      rule.port === "3478" ? { ...rule, port: "5432" } : rule,
    );
    const { code, output } = await lab.pulumi(...UP, "--refresh");
    expect(code, output).toBe(0);
    expect(changes()).toEqual(["POST /firewalls/{id}/actions/set_rules"]);
    expect(new Set(firewall.rules)).toEqual(new Set(before));
  });

  it("is out of reach with a token that Hetzner does not take, which is said without the token", async () => {
    lab.hetzner.token = "another-token-".padEnd(64, "x");
    const { code, output } = await lab.pulumi(...UP, "--refresh");
    lab.hetzner.token = TOKEN;
    expect(code).not.toBe(0);
    expect(output).toContain("unable to authenticate");
    expect(output).not.toContain(TOKEN);
    expect(changes()).toEqual([]);
  });

  it("is not given up by a site that no longer rents one", async () => {
    await lab.configure("homelab:rent", "false");
    const { code, output } = await lab.pulumi(...UP);
    expect(code).not.toBe(0);
    expect(output).toMatch(/vps-machine-\S+" cannot be deleted\s+because it is protected/);
    expect(changes()).toEqual([]);
  });

  it("is not given up by Hetzner either when only Pulumi's protection was lifted", async () => {
    const lifted = await lab.pulumi("state", "unprotect", "--all", "--yes");
    expect(lifted.code, lifted.output).toBe(0);
    const { code, output } = await lab.pulumi(...UP);
    expect(code).not.toBe(0);
    expect(output).toContain("server deletion is protected");
    expect(lab.hetzner.servers.size).toBe(1);
    expect(lab.hetzner.firewalls.size).toBe(1);
    expect(lab.hetzner.mistakes).toEqual([]);
  });

  it("leaves its token nowhere in what Pulumi keeps", async () => {
    const written = await lab.written();
    expect(written).toContain(ADDRESS);
    expect(written).not.toContain(TOKEN);
  });
});
