/** Stack of all monitoring apps. */
export const MONITORING_STACK = { stack: "monitoring", category: "monitoring" } as const;

/** Network of all monitoring apps. */
export const MONITORING_NETWORK = "monitoring-net";

/** Base URL of VictoriaMetrics as its neighbours see it. */
export const VICTORIAMETRICS_URL = "http://victoriametrics:8428";

/** A health check with the wget that all images of this stack have. */
export function wgetHealth(port: number, path: string) {
  return {
    test: ["CMD", "wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}${path}`],
  } as const;
}
