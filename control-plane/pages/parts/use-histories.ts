import { useEffect, useState } from "preact/hooks";
import type { HostHistory } from "../../contract/page-api.ts";
import { readHistory } from "../feed/api.ts";

/** A boot or a deployment takes minutes. In milliseconds. */
const AGAIN_MS = 20_000;

/** What lies behind the hosts. */
export interface Histories {
  /** Those that came, in the order of the hosts; undefined before the first answers. */
  readonly read: readonly HostHistory[] | undefined;
  /** Hosts of which none came the last time; what came before stays. */
  readonly failed: readonly string[];
}

/** Asks for what lies behind the hosts, again and again as long as somebody looks. */
export function useHistories(hosts: readonly string[]): Histories {
  const [kept, setKept] = useState<Histories>({ read: undefined, failed: [] });
  const names = hosts.join(" ");
  useEffect(() => {
    let isOver = false;
    const load = async (): Promise<void> => {
      const answers = await Promise.all(
        hosts.map((host) => readHistory(host).catch(() => undefined)),
      );
      if (isOver) return;
      setKept((before) => {
        const found = hosts.map((host, at) => answers[at] ?? before.read?.find(isOf(host)));
        return {
          read: found.filter((each) => each !== undefined),
          failed: hosts.filter((_, at) => answers[at] === undefined),
        };
      });
    };
    void load();
    const timer = setInterval(() => void load(), AGAIN_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [names]);
  return kept;
}

function isOf(host: string): (history: HostHistory) => boolean {
  return (history) => history.host === host;
}
