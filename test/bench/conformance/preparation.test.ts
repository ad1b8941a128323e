import { describe, expect, it } from "vitest";
import { hostOf } from "../../../bench/conformance/declared.ts";
import { preparationScript, preparedFiles } from "../../../bench/conformance/preparation.ts";
import { hostNamed, service } from "../../support/fleet.ts";

const secretOf = (name: string) => `value of ${name}`;

describe("what stands on a host before a run", () => {
  it("has the files of a service with their declared owner and mode, secrets filled in", async () => {
    const host = hostNamed("docker-vm");
    const files = await preparedFiles(host, service("docker-vm/alertmanager"), secretOf, {});
    expect(files.map(({ path, owner, mode }) => [path, owner, mode])).toEqual([
      ["/opt/homelab/files/alertmanager/etc_alertmanager_alertmanager.yml", "65534:65534", "0444"],
      ["/opt/homelab/files/alertmanager/etc_alertmanager_ntfy-token", "65534:65534", "0400"],
    ]);
    expect(files[1]?.content).toBe("value of ntfy-token");
  });

  it("has the networks with addresses of their own first: the engine could give those to another", () => {
    const script = preparationScript(hostOf(hostNamed("vps"), ["adguard"]), []);
    const networks = script.split("\n").filter((line) => line.startsWith("docker network create"));
    expect(networks[0]).toContain("--subnet 172.20.0.0/16 --gateway 172.20.0.1 adguard-net");
    expect(networks.slice(1).join("\n")).not.toContain("--subnet");
  });

  it("has each volume, and each folder with its declared owner", () => {
    const script = preparationScript(hostOf(hostNamed("nas"), ["syncthing"]), []);
    expect(script).toContain("docker volume create syncthing-config");
    expect(script).toMatch(/install -d -o 1000 -g 1000 -m \d+ '?\/[^\n]*sync/);
  });
});
