import { stringify } from "yaml";
import { hostWith, HOUSEHOLD_NAME } from "../../model/host-names.ts";
import type { Site } from "../../model/site.ts";

/** The name that ntfy is reached by from another host. */
export function ntfyName({ domain }: Site): string {
  return `notify.${domain}`;
}

/** Alerts in one message: ntfy refuses a text of more than 4096 bytes, and each takes about 300. */
const MAX_ALERTS = 8;

/**
 * Alertmanager forgets after so long what it told (its --data.retention), and no longer pause between
 * two messages about one alert has any effect.
 */
const REMEMBERED = "120h";

/**
 * Alertmanager's configuration: warnings and critical alerts go to two topics of ntfy on the VPS,
 * which turns them into text (its built-in template "alertmanager").
 *
 * @param tokenFile file in the container that holds the token for ntfy
 */
export function alertmanagerConfig(site: Site, tokenFile: string): string {
  const selfSigned =
    site.certificates[hostWith("coordinator")].issuer === "internal"
      ? // Nobody but the proxy knows who signs; that it is the VPS the mesh vouches for.
        { tls_config: { insecure_skip_verify: true } }
      : {};
  const receiver = (severity: string, priority: string) => ({
    name: severity,
    webhook_configs: [
      {
        url: `https://${ntfyName(site)}/${HOUSEHOLD_NAME}-${severity}?template=alertmanager&priority=${priority}`,
        send_resolved: true,
        max_alerts: MAX_ALERTS,
        http_config: {
          authorization: { type: "Bearer", credentials_file: tokenFile },
          ...selfSigned,
        },
      },
    ],
  });
  // Beside a control plane that tells somebody one fault is one message, here too.
  const isToldOnce = site.controlPlane?.notifications !== undefined;
  return stringify(
    {
      global: { resolve_timeout: "5m" },
      route: {
        receiver: "warning",
        group_by: ["alertname", "instance"],
        group_wait: "30s",
        group_interval: "5m",
        repeat_interval: isToldOnce ? REMEMBERED : "4h",
        routes: [
          {
            matchers: ['severity="critical"'],
            receiver: "critical",
            repeat_interval: isToldOnce ? REMEMBERED : "1h",
          },
        ],
      },
      ...(isToldOnce && {
        // A disk that is full is also one of which little is left.
        inhibit_rules: [
          {
            source_matchers: ['alertname="DiskSpaceCritical"'],
            target_matchers: ['alertname="DiskSpaceLow"'],
            equal: ["host", "mountpoint"],
          },
        ],
      }),
      receivers: [receiver("warning", "high"), receiver("critical", "urgent")],
    },
    { lineWidth: 0 },
  );
}
