import { parse, stringify } from "yaml";
import type { AppService } from "../../../model/declaration.ts";
import { filePath } from "../../../model/paths.ts";
import { declaredHost } from "./declared.ts";
import { on, type Lab } from "./lab.ts";

const HOST = "docker-vm";
/** So much faster the alerts' own times run. */
const TIMES = 30;

interface RuleFile {
  readonly groups: { interval?: string; readonly rules: { alert: string; for?: string }[] }[];
}

interface Routes {
  readonly route: Record<string, unknown>;
}

interface Scrapes {
  readonly global: Record<string, unknown>;
}

/** What each of the three programs reads, and how its times are made shorter. */
const FILES: readonly {
  readonly service: string;
  readonly shorter: (text: string, alerts: readonly string[]) => string;
}[] = [
  {
    service: "vmagent",
    shorter: (text) => {
      const config = parse(text) as Scrapes;
      return stringify({ ...config, global: { ...config.global, scrape_interval: "1s" } });
    },
  },
  {
    service: "vmalert",
    shorter: (text, alerts) => {
      const { groups } = parse(text) as RuleFile;
      return stringify({
        groups: groups.map((group) => ({
          ...group,
          interval: "1s",
          // Of the others nothing changes: what this computer does meanwhile is no fault.
          rules: group.rules.map((rule) => {
            const isMeant = alerts.includes(rule.alert) && rule.for !== undefined;
            return isMeant ? { ...rule, for: shorter(rule.for ?? "") } : rule;
          }),
        })),
      });
    },
  },
  {
    service: "alertmanager",
    shorter: (text) => {
      const config = parse(text) as Routes;
      const route = { ...config.route, group_wait: "1s", group_interval: "10s" };
      return stringify({ ...config, route });
    },
  },
];

/**
 * The programs that alert read the files that are declared, with shorter times, until the answer is
 * called: the chain of them takes ten minutes otherwise.
 * @param alerts whose duration is shorter
 */
export async function fasterAlerts(
  lab: Lab,
  alerts: readonly string[],
): Promise<() => Promise<void>> {
  const { services } = await declaredHost(lab, HOST);
  const files = FILES.map(({ service, shorter: change }) => {
    const found = (services as readonly AppService[]).find(({ name }) => name === service);
    const file = found?.files?.find(({ content }) => content.kind === "text");
    if (file?.content.kind !== "text") throw new Error(`${service} reads no file`);
    const { text } = file.content;
    return { service, path: filePath(service, file), text, changed: change(text, alerts) };
  });
  const write = async (which: "text" | "changed"): Promise<void> => {
    for (const { service, path, [which]: text } of files) {
      // Into the same file, which the container has mounted.
      await on(
        lab,
        HOST,
        `cat >${path} <<'END'\n${text.trimEnd()}\nEND\ndocker kill -s HUP ${service}`,
      );
    }
  };
  await write("changed");
  return () => write("text");
}

function shorter(duration: string): string {
  const minutes = /^(\d+)m$/.exec(duration)?.[1];
  if (minutes === undefined)
    throw new Error(`an alert that waits ${duration}, which is no minutes`);
  return `${(Number(minutes) * 60) / TIMES}s`;
}
