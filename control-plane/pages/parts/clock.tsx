import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { serverNow, type Moment } from "../view/ages.ts";
import { NowContext, useNow } from "./context.ts";

/** Carries the server's clock on, once a second. */
export function Clock({
  moment,
  children,
}: {
  readonly moment: Moment;
  readonly children: ComponentChildren;
}): VNode {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <NowContext.Provider value={serverNow(moment, Math.max(now, moment.came))}>
      {children}
    </NowContext.Provider>
  );
}

/** A clock that stands at a moment that is past; it goes on where there is none. */
export function Still({
  at,
  children,
}: {
  readonly at: string | null;
  readonly children: ComponentChildren;
}): VNode {
  const now = useNow();
  return (
    <NowContext.Provider value={at === null ? now : Date.parse(at)}>{children}</NowContext.Provider>
  );
}
