import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import { execa } from "execa";
import type { HostName } from "../../../model/host-names.ts";
import type { Lab } from "./lab.ts";

/** A port of this machine that leads to one on a host's loopback. */
export interface ForwardedPort {
  readonly number: number;
  close(): Promise<void>;
}

/** Opens a tunnel through ssh and waits until it is there. */
export async function forwardedPort(
  lab: Lab,
  host: HostName,
  port: number,
): Promise<ForwardedPort> {
  const number = await freePort();
  const config = lab.env["HOMELAB_SSH_CONFIG"] ?? "";
  const folder = await mkdtemp(join(tmpdir(), "homelab-tunnel-"));
  const ssh = ["-F", config, "-S", join(folder, "s")];
  const tunnel = ["-L", `127.0.0.1:${number}:127.0.0.1:${port}`, "-o", "ExitOnForwardFailure=yes"];
  // Goes into the background once the tunnel is there; its output would keep this call waiting.
  await execa("ssh", [...ssh, ...tunnel, "-f", "-N", "-M", host], { stdio: "ignore" });
  return {
    number,
    close: async () => {
      await execa("ssh", [...ssh, "-O", "exit", host]);
      await rm(folder, { recursive: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
