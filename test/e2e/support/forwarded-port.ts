import { createServer, type AddressInfo } from "node:net";
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
  const forward = (command: "forward" | "cancel") =>
    execa("ssh", [
      ...["-F", config, "-O", command, "-L", `127.0.0.1:${number}:127.0.0.1:${port}`],
      host,
    ]);
  // The connection that all share takes the tunnel; it is there already or is made first.
  await execa("ssh", ["-F", config, host, "true"]);
  await forward("forward");
  return { number, close: async () => void (await forward("cancel")) };
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
