import type { Summary } from "../contract/summary.ts";

/** The counts in the text format of Prometheus (prometheus.io/docs/instrumenting/exposition_formats). */
export function metricsText({
  build,
  observer,
  hosts,
  services,
  gates,
  backups,
  actions,
}: Summary): string {
  const { fresh, unreachable, unknown } = hosts;
  return [
    metric("build_info", "What the control plane's page was built from.", [
      [`build="${escaped(build)}"`, 1],
    ]),
    metric("observer_fresh", "1 while the Observer writes.", [
      ["", observer.state === "fresh" ? 1 : 0],
    ]),
    metric("observer_writable", "1 while the Observer can keep what comes.", [
      ["", observer.writable === true ? 1 : 0],
    ]),
    metric("hosts", "Hosts by how they are heard.", byState({ fresh, unreachable, unknown })),
    metric("services", "Services by state.", byState(services.byState)),
    metric("services_held", "Services that something they need holds back.", [["", services.held]]),
    metric("gates", "Gates by state.", byState(gates)),
    metric("backup_oldest_seconds", "Age of the oldest of the newest copies.", [
      ["", backups.oldestSeconds ?? Number.NaN],
    ]),
    metric("actions", "Actions by state.", byState(actions)),
  ].join("");
}

type Sample = readonly [labels: string, value: number];

function byState(counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([state, count]) => [`state="${state}"`, count]);
}

function metric(name: string, help: string, samples: readonly Sample[]): string {
  const full = `homelab_control_plane_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${labels && `{${labels}}`} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${lines.join("")}`;
}

function escaped(label: string): string {
  return label.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
