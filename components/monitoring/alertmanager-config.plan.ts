import { stringify } from "yaml";
import { HOUSEHOLD_NAME } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";

/** Alerts in one message: ntfy refuses a text of more than 4096 bytes, and each takes about 300. */
const MAX_ALERTS = 8;

/**
 * Alertmanager's configuration: warnings and critical alerts go to two topics of ntfy on the VPS,
 * which turns them into text (its built-in template "alertmanager").
 *
 * @param tokenFile file in the container that holds the token for ntfy
 */
export function alertmanagerConfig(site: Site, tokenFile: string): string {
  const receiver = (severity: string, priority: string) => ({
    name: severity,
    webhook_configs: [
      {
        url: `https://notify.${site.domain}/${HOUSEHOLD_NAME}-${severity}?template=alertmanager&priority=${priority}`,
        send_resolved: true,
        max_alerts: MAX_ALERTS,
        http_config: { authorization: { type: "Bearer", credentials_file: tokenFile } },
      },
    ],
  });
  return stringify(
    {
      global: { resolve_timeout: "5m" },
      route: {
        receiver: "warning",
        group_by: ["alertname", "instance"],
        group_wait: "30s",
        group_interval: "5m",
        repeat_interval: "4h",
        routes: [
          { matchers: ['severity="critical"'], receiver: "critical", repeat_interval: "1h" },
        ],
      },
      receivers: [receiver("warning", "high"), receiver("critical", "urgent")],
    },
    { lineWidth: 0 },
  );
}
