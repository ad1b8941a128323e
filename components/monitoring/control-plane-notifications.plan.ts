import type { AppService } from "../../model/declaration.ts";
import type { FileDeclaration } from "../../model/declared-files.ts";
import { WEEKDAYS, type Site } from "../../model/site.ts";
import { CONTROL_PLANE_USER, writes } from "./control-plane-folders.plan.ts";
import { NTFY_TOPICS } from "./ntfy.plan.ts";

/** Whom the control plane tells, see Site. */
type Notifications = NonNullable<NonNullable<Site["controlPlane"]>["notifications"]>;

/** Of ntfy, which is told there, without a way over the internet. */
const NTFY_NETWORK = "monitoring-net";
const SETTINGS = "/homelab/notify.json";
const TOKEN = "/run/secrets/ntfy-token";

/** What the Supervisor's container has because somebody is told; nothing where nobody is. */
export function tellingOf(
  notifications: Notifications | undefined,
): Required<Pick<AppService, "files" | "networks" | "env" | "mounts">> {
  if (!notifications) return { files: [], networks: [], env: {}, mounts: [] };
  return {
    files: filesFor(notifications),
    networks: [{ name: NTFY_NETWORK }],
    env: { HOMELAB_NOTIFY: SETTINGS },
    mounts: [writes("outbox")],
  };
}

/** Settings that only a deployment writes, and a token that only this container can read. */
function filesFor({
  webhook,
  digest,
  tellAfterSeconds,
  endAfterSeconds,
}: Notifications): FileDeclaration[] {
  const { critical, warning, info } = NTFY_TOPICS;
  const settings = {
    version: 1,
    targets: [
      {
        kind: "ntfy",
        name: "ntfy",
        url: "http://ntfy:80/",
        topics: { critical, warning, info },
        tokenFile: TOKEN,
      },
      ...(webhook === undefined ? [] : [{ kind: "webhook", name: "webhook", url: webhook }]),
    ],
    digest: { weekday: WEEKDAYS.indexOf(digest.weekday), hour: digest.hour },
    ...(tellAfterSeconds !== undefined && { tellAfterSeconds }),
    ...(endAfterSeconds !== undefined && { endAfterSeconds }),
  };
  return [
    {
      target: SETTINGS,
      content: { kind: "text", text: `${JSON.stringify(settings, null, 2)}\n` },
    },
    {
      target: TOKEN,
      content: { kind: "secret", secret: "ntfy-token" },
      owner: CONTROL_PLANE_USER,
    },
  ];
}
