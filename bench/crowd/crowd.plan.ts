import { BENTOPDF_2_5_IMAGE } from "../../components/tools/bentopdf.image.ts";
import { app, type DeclaredApp } from "../../model/app.ts";
import type { AppService } from "../../model/declaration.ts";

/** Says how many small services there are beside the declared ones. */
export const CROWD_VARIABLE = "HOMELAB_BENCH_SMALL_SERVICES";

/** The network that all of them are on. */
export const CROWD_NETWORK = "crowd-net";

/** Services of one app; all but the first wait for the first. */
const TOGETHER = 10;

/** Apps with so many small services together. */
export function crowdApps(services: number): Record<string, DeclaredApp> {
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
