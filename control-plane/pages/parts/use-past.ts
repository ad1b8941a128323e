import { useCallback, useEffect, useState } from "preact/hooks";
import { readPast } from "../feed/api.ts";
import type { Moment } from "../view/past.ts";
import type { Replay } from "./context.ts";

/** The moment that is shown in place of now. @param user nothing of what one saw stays for another */
export function usePast(user: string | undefined): Replay & { readonly back: () => void } {
  const [past, setPast] = useState<Moment | null>(null);
  const back = useCallback(() => setPast(null), []);
  useEffect(back, [user]);
  const show = useCallback(async (at: string): Promise<boolean> => {
    const { moment } = await readPast(at);
    if (moment !== null) setPast(moment);
    return moment !== null;
  }, []);
  return { past, show, back };
}
