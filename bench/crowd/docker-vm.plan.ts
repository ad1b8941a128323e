import { BENTOPDF_2_5_IMAGE } from "../../components/tools/bentopdf.image.ts";
import { app, type DeclaredApp } from "../../model/app.ts";
import type { AppService } from "../../model/declaration.ts";
import { dockerVm as declared } from "../../household/docker-vm.plan.ts";
import type { HouseholdHost } from "../../household/household-host.ts";
import { phase } from "../../household/phase.ts";

/** Says how many small services there are beside the declared ones. */
export const CROWD_VARIABLE = "HOMELAB_BENCH_SMALL_SERVICES";

/** The network that all of them are on. */
export const CROWD_NETWORK = "crowd-net";

/** Services of one app; all but the first wait for the first. */
const TOGETHER = 10;

/** Before all documented phases: what waits for every service of the host waits for these too. */
const FIRST_PHASE = 0;

/** The Docker VM as the household has it, and the crowd. */
export const dockerVm: HouseholdHost = {
  ...declared,
  apps: (...given) => [
    phase(FIRST_PHASE, crowdApps(Number(process.env[CROWD_VARIABLE] ?? "0"))),
    ...declared.apps(...given),
  ],
};

function crowdApps(services: number): Record<string, DeclaredApp> {
  const apps = Array.from({ length: Math.ceil(services / TOGETHER) }, (_, index) => {
    const first = index * TOGETHER;
    return [`crowd-${first}`, crowdApp(first, Math.min(services, first + TOGETHER))] as const;
  });
  return Object.fromEntries(apps);
}

/** Services `from` to `to`, without the last, each as small as the sandbox has one. */
function crowdApp(from: number, to: number): DeclaredApp {
  const names = Array.from({ length: to - from }, (_, index) => `crowd-service-${from + index}`);
  return app({
    type: "homelab:bench:Crowd",
    exposes: { first: `crowd-service-${from}` },
    images: [BENTOPDF_2_5_IMAGE],
    networks: [{ name: CROWD_NETWORK }],
    services: names.map((name, index): AppService => ({
      name,
      stack: "crowd",
      image: BENTOPDF_2_5_IMAGE.reference,
      networks: [{ name: CROWD_NETWORK }],
      health: { test: ["CMD-SHELL", "wget -q --spider http://localhost:8080/ || exit 1"] },
      limits: { memory: "64MiB", cpus: 0.5 },
      requires:
        index === 0
          ? []
          : [{ on: `crowd-service-${from}`, condition: "healthy", strength: "hard" }],
      category: "crowd",
    })),
    volumes: [],
  });
}
