import type { AppPlan, ServiceDeclaration } from "../../model/declaration.ts";
import type { Site } from "../../model/site.ts";
import { alertmanagerPlan } from "./alertmanager.plan.ts";
import { cadvisorPlan } from "./cadvisor.plan.ts";
import { grafanaPlan } from "./grafana.plan.ts";
import { nodeTargets, scrapeTargets } from "./scrape-config.plan.ts";
import { victoriametricsPlan } from "./victoriametrics.plan.ts";
import { VMAGENT_NETWORKS, vmagentPlan } from "./vmagent.plan.ts";
import { vmalertPlan } from "./vmalert.plan.ts";

/** What the monitoring stack watches besides itself. */
export interface MonitoringArgs {
  /** The other services of the Docker VM. */
  readonly neighbours: readonly ServiceDeclaration[];
  /** Every service of the Docker VM as far as they are known. @default none */
  readonly all?: readonly ServiceDeclaration[];
  /** Services of the other hosts. @default none */
  readonly remote?: Readonly<Partial<Record<"vps" | "nas", readonly ServiceDeclaration[]>>>;
}

/** The plans of the monitoring stack in start order, each by the name of its component. */
export function monitoringPlans(site: Site, args: MonitoringArgs) {
  const victoriametrics = victoriametricsPlan(site);
  const alertmanager = alertmanagerPlan(site);
  const vmalert = vmalertPlan(site, { services: args.all ?? [] });
  const cadvisor = cadvisorPlan(site);
  const grafana = grafanaPlan(site);
  const own = [victoriametrics, alertmanager, vmalert, cadvisor, grafana];
  const local = [...own.flatMap(({ services }) => services), ...args.neighbours];
  const targets = [
    ...nodeTargets(site),
    ...scrapeTargets(site, "docker-vm", local, VMAGENT_NETWORKS),
    ...(["vps", "nas"] as const).flatMap((host) =>
      scrapeTargets(site, host, args.remote?.[host] ?? [], VMAGENT_NETWORKS),
    ),
  ];
  const vmagent = vmagentPlan(site, { targets });
  return { victoriametrics, vmagent, alertmanager, vmalert, cadvisor, grafana } satisfies Record<
    string,
    AppPlan
  >;
}
