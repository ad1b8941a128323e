// Metrics and alerts: the VictoriaMetrics family and Alertmanager from their Go modules.
import * as z from "zod";
import { folder } from "../../../sandbox/images/path-entry.ts";
import { answers, json } from "../answers.ts";
import type { RealImage, RealProgram } from "../real-program.ts";

const VICTORIA = "Go module github.com/VictoriaMetrics/VictoriaMetrics";

function victoria(name: string): RealImage {
  return { root: "sandbox", entry: { paths: [], programs: [{ name, path: `/${name}-prod` }] } };
}

const RULES = z.object({
  data: z.object({
    groups: z.array(
      z.object({ rules: z.array(z.object({ health: z.string(), lastError: z.string() })) }),
    ),
  }),
});

const TARGETS = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels: z.record(z.string(), z.string()), health: z.string() }),
    ),
  }),
});

/** What measures, evaluates and tells. */
export const MONITORING: readonly RealProgram[] = [
  {
    service: "docker-vm/victoriametrics",
    from: VICTORIA,
    image: victoria("victoria-metrics"),
    version: ["/victoria-metrics-prod", "--version"],
    question: "takes a number and gives it back",
    ask: `curl -fsS -d 'conformance 42' "http://$address:8428/api/v1/import/prometheus"
curl -fsS "http://$address:8428/api/v1/query?query=conformance&nocache=1"`,
    right: answers(/"value":\[\d+(\.\d+)?,"42"\]/),
  },
  {
    service: "docker-vm/alertmanager",
    from: "Go module github.com/prometheus/alertmanager",
    image: {
      root: "sandbox",
      entry: {
        paths: [folder("/alertmanager", 65534, 65534), folder("/etc/alertmanager")],
        programs: [{ name: "alertmanager", path: "/usr/bin/alertmanager" }],
      },
    },
    version: ["alertmanager", "--version"],
    question: "takes an alert, and our routes give it to the receiver of critical ones",
    ask: `curl -fsS -H 'content-type: application/json' -d '[{"labels":{"alertname":"Conformance","severity":"critical"}}]' "http://$address:9093/api/v2/alerts"
curl -fsS "http://$address:9093/api/v2/alerts?filter=alertname=Conformance"`,
    right: answers(/"receivers":\[\{"name":"critical"\}\]/),
  },
  {
    service: "docker-vm/vmagent",
    from: VICTORIA,
    image: victoria("vmagent"),
    version: ["/vmagent-prod", "--version"],
    question: "takes our scrape configuration, and reads VictoriaMetrics by it",
    ask: `curl -fsS "http://$address:8429/api/v1/targets?state=active"`,
    right: json(TARGETS, ({ data }) =>
      data.activeTargets.some(
        ({ labels, health }) => labels["job"] === "victoriametrics" && health === "up",
      ),
    ),
    withinSeconds: 120,
  },
  {
    service: "docker-vm/vmalert",
    from: VICTORIA,
    image: victoria("vmalert"),
    version: ["/vmalert-prod", "--version"],
    question: "takes our rules, and evaluates each of them without an error",
    ask: `curl -fsS "http://$address:8880/api/v1/rules"`,
    right: json(RULES, ({ data }) => {
      const rules = data.groups.flatMap((group) => group.rules);
      return (
        rules.length > 0 &&
        rules.every(({ health, lastError }) => health === "ok" && lastError === "")
      );
    }),
    withinSeconds: 120,
  },
];
