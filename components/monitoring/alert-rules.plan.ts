import { stringify } from "yaml";
import type { AppService } from "../../model/declaration.ts";
import type { Duration } from "../../model/units.ts";
import { hostWith } from "../../model/host-names.ts";

/** One alert rule. */
export interface AlertRule {
  readonly alert: string;
  /** MetricsQL; the alert fires for each series it returns. */
  readonly expr: string;
  /** How long it has to hold. */
  readonly for?: Duration;
  readonly severity: "warning" | "critical";
  /** One line for the notification; `{{ … }}` is filled in by vmalert. */
  readonly summary: string;
}

const DISK = 'fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|nfs.*|fuse.*"';
const DISK_USED = `100 * (1 - node_filesystem_avail_bytes{${DISK}} / node_filesystem_size_bytes{${DISK}})`;
const CONTAINER = 'name!=""';

/** The alerts by group. */
export const ALERT_RULES: Readonly<Record<string, readonly AlertRule[]>> = {
  host: [
    {
      alert: "HighCpuUsage",
      expr: '100 * (1 - avg by (host, instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))) > 90',
      for: "5m",
      severity: "warning",
      summary: '{{ $labels.host }}: processors at {{ printf "%.0f" $value }} percent',
    },
    {
      alert: "HighMemoryUsage",
      expr: "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > 90",
      for: "5m",
      severity: "warning",
      summary: '{{ $labels.host }}: memory at {{ printf "%.0f" $value }} percent',
    },
    {
      alert: "DiskSpaceLow",
      expr: `${DISK_USED} > 85`,
      for: "5m",
      severity: "warning",
      summary:
        '{{ $labels.host }}: {{ $labels.mountpoint }} is {{ printf "%.0f" $value }} percent full',
    },
    {
      alert: "DiskSpaceCritical",
      expr: `${DISK_USED} > 95`,
      for: "2m",
      severity: "critical",
      summary:
        '{{ $labels.host }}: {{ $labels.mountpoint }} is {{ printf "%.0f" $value }} percent full',
    },
    {
      alert: "HostDown",
      expr: 'up{job=~"node-.*"} == 0',
      for: "2m",
      severity: "critical",
      summary: "{{ $labels.host }} does not answer",
    },
  ],
  containers: [
    {
      alert: "ContainerHighCpu",
      // Of its own limit: a container that may use a quarter of a processor never gets to 80
      // percent of a whole one.
      expr:
        `100 * sum by (name) (rate(container_cpu_usage_seconds_total{${CONTAINER}}[5m])) / ` +
        `sum by (name) (container_spec_cpu_quota{${CONTAINER}} / container_spec_cpu_period{${CONTAINER}}) > 80`,
      for: "10m",
      severity: "warning",
      summary: '{{ $labels.name }} uses {{ printf "%.0f" $value }} percent of its processor limit',
    },
    {
      alert: "ContainerHighMemory",
      expr:
        `100 * sum by (name) (container_memory_working_set_bytes{${CONTAINER}}) / ` +
        `sum by (name) (container_spec_memory_limit_bytes{${CONTAINER}} > 0) > 90`,
      for: "5m",
      severity: "warning",
      summary: '{{ $labels.name }} uses {{ printf "%.0f" $value }} percent of its memory limit',
    },
    {
      alert: "ContainerRestarting",
      // Counts starts: by the seconds that the start time has grown, one restart would set it off.
      // By name alone: cAdvisor adds a label after each restart, which would begin a new series
      // each time.
      expr: `changes(max by (name) (container_start_time_seconds{${CONTAINER}})[15m:30s]) >= 3`,
      severity: "warning",
      summary: "{{ $labels.name }} was started {{ $value }} times within 15 minutes",
    },
  ],
  scrape: [
    {
      alert: "ScrapeTargetDown",
      // The hosts' own exporters have HostDown.
      expr: 'up{job!~"node-.*"} == 0',
      for: "3m",
      severity: "warning",
      summary: "the metrics of {{ $labels.job }} ({{ $labels.instance }}) cannot be read",
    },
  ],
  victoriametrics: [
    {
      alert: "VmHighIngestionRate",
      expr: "sum(rate(vm_rows_inserted_total[5m])) > 50000",
      for: "10m",
      severity: "warning",
      summary: 'VictoriaMetrics takes in {{ printf "%.0f" $value }} rows a second',
    },
    {
      alert: "VmStorageSpaceRunningOut",
      // At its limit VictoriaMetrics stops writing; a day's notice.
      expr: "predict_linear(vm_free_disk_space_bytes[6h], 86400) < vm_free_disk_space_limit_bytes",
      for: "5m",
      severity: "critical",
      summary: "VictoriaMetrics will have no room for metrics within a day",
    },
  ],
};

/**
 * What the control plane tells too, by its cause: a host that is away, a container that is not there
 * or comes and goes, and with it its metrics. Where it tells anybody, it alone does.
 */
const TOLD_BY_CONTROL_PLANE = [
  "HostDown",
  "ContainerMissing",
  "ContainerRestarting",
  "ScrapeTargetDown",
];

/**
 * Without a host's own exporter nobody learns of its full disk. Only where something else of the
 * host answers: a host that is away the control plane tells.
 */
const HOST_METRICS_MISSING: AlertRule = {
  alert: "HostMetricsMissing",
  expr: 'up{job=~"node-.*"} == 0 and on(host) (max by (host) (up{job!~"node-.*"}) == 1)',
  for: "5m",
  severity: "warning",
  summary: "{{ $labels.host }}: its processors, memory and disks cannot be read",
};

/** The groups beside a control plane that tells somebody: what only numbers show. */
export function besideControlPlane(
  groups: Readonly<Record<string, readonly AlertRule[]>>,
): Readonly<Record<string, readonly AlertRule[]>> {
  const kept = Object.entries(groups).map(([name, rules]) => {
    const mine = rules.filter(({ alert }) => !TOLD_BY_CONTROL_PLANE.includes(alert));
    return [name, name === "scrape" ? [...mine, HOST_METRICS_MISSING] : mine] as const;
  });
  return Object.fromEntries(kept.filter(([, rules]) => rules.length > 0));
}

/** A service that has to run, as the alerts name it. */
export type WatchedService = Pick<AppService, "name" | "critical">;

/**
 * One alert for every service of the Docker VM that has no running container. cAdvisor forgets a
 * container that stops, so what is looked for is a name without a series.
 */
export function missingContainerRules(services: readonly WatchedService[]): AlertRule[] {
  return services.map(({ name, critical }) => ({
    alert: "ContainerMissing",
    // Without cAdvisor's answer every name is without a series; that is ScrapeTargetDown.
    expr: `absent(container_last_seen{name="${name}"}) and on() (up{job="cadvisor"} == 1)`,
    for: "5m",
    severity: critical ? "critical" : "warning",
    summary: `${name}: no container of that name runs on ${hostWith("home")}`,
  }));
}

/** The rule file of vmalert. */
export function alertRules(groups: Readonly<Record<string, readonly AlertRule[]>>): string {
  return stringify(
    {
      groups: Object.entries(groups).map(([name, rules]) => ({
        name,
        rules: rules.map((rule) => ({
          alert: rule.alert,
          expr: rule.expr,
          ...(rule.for === undefined ? {} : { for: rule.for }),
          labels: { severity: rule.severity },
          annotations: { summary: rule.summary },
        })),
      })),
    },
    { lineWidth: 0 },
  );
}
