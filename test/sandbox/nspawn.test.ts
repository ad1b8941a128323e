import { expect, it } from "vitest";
import { nspawnArgv, type BootPlan } from "../../sandbox/nspawn.ts";

const plan: BootPlan = {
  machine: "nas",
  name: "homelab-1a2b3c-nas",
  root: "/s/machines/nas/root",
  namespace: "/s/net/nas",
  engineData: "/s/machines/nas/engine",
  containerdData: "/s/machines/nas/containerd",
  programs: { from: "/s/programs/x", to: "/usr/local/lib/engine" },
  devices: [{ from: "/dev/net/tun", to: "/dev/net/tun" }],
};

it("boots a machine in its own network namespace and never in the computer's", () => {
  expect(nspawnArgv(plan)).toContain("--network-namespace-path=/s/net/nas");
});

it("keeps the engine's and containerd's data off the overlay", () => {
  expect(nspawnArgv(plan)).toEqual(
    expect.arrayContaining([
      "--bind=/s/machines/nas/engine:/var/lib/docker",
      "--bind=/s/machines/nas/containerd:/var/lib/containerd",
    ]),
  );
});

it("lets a machine read the engine's programs but not change them", () => {
  expect(nspawnArgv(plan)).toContain("--bind-ro=/s/programs/x:/usr/local/lib/engine");
});
