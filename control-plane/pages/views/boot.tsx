import type { VNode } from "preact";
import type { HostHistory } from "../../contract/page-api.ts";
import { Age } from "../parts/age.tsx";
import { useShown } from "../parts/context.ts";
import { Said } from "../parts/mark.tsx";
import { NodeLink } from "../parts/node-link.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { Row, Table, type Head } from "../parts/table.tsx";
import { useHistories } from "../parts/use-histories.ts";
import { momentText, spanText } from "../view/ages.ts";
import { coursesOf, secondsText, type Course } from "../view/boot-course.ts";
import { plain } from "../view/plain.ts";
import { WORDS } from "../words.ts";

const SAYS = WORDS.boot;

const HEADS: readonly Head[] = [
  { name: SAYS.serviceLabel },
  { name: SAYS.courseLabel, kind: "wide" },
  { name: SAYS.startedLabel },
  { name: SAYS.waitedLabel, kind: "wide" },
  { name: SAYS.howLabel },
];

/** The last boot of each host. */
export function Boot(): VNode {
  const { hosts } = useShown().state;
  const { read, failed } = useHistories(hosts.map(({ host }) => host));
  return (
    <>
      <h1>{WORDS.view.boot}</h1>
      <p class="quiet">{SAYS.says}</p>
      {failed.length === 0 ? null : (
        <p class="note tone-unknown">{WORDS.deployments.unread(failed.join(", "))}</p>
      )}
      {read === undefined ? <Skeleton rows={8} /> : <Boots histories={read} />}
    </>
  );
}

/** Those that were told of, host by host. */
export function Boots({ histories }: { readonly histories: readonly HostHistory[] }): VNode {
  const { state } = useShown();
  if (histories.length === 0) {
    return (
      <p class="empty">
        {SAYS.none} {WORDS.lastChecked} <Age at={state.at} />.
      </p>
    );
  }
  return (
    <>
      {histories.map((history) => (
        <section key={history.host} aria-labelledby={`boot-${history.host}`} class="boot">
          <h2 id={`boot-${history.host}`}>{history.host}</h2>
          <BootOf history={history} />
        </section>
      ))}
    </>
  );
}

function BootOf({ history: { host, boot, at } }: { readonly history: HostHistory }): VNode {
  if (boot === null) {
    return (
      <p class="empty">
        {SAYS.none} {WORDS.lastChecked} <Age at={at} />.
      </p>
    );
  }
  const { began, seconds, gates } = boot;
  return (
    <>
      <p class="line">
        {SAYS.began} {momentText(began)}, <Age at={began} />; {SAYS.took(spanText(seconds))}{" "}
        <span class="quiet">
          {SAYS.told} <Age at={boot.at} />
        </span>
      </p>
      {gates.length === 0 ? null : (
        <ul class="plain" aria-label={SAYS.gates}>
          {gates.map(({ gate, opened, seen }) => (
            <li key={gate}>
              <NodeLink id={`${host}/gate:${gate}`} text={gate} />{" "}
              {opened === null
                ? seen === null
                  ? SAYS.neverLooked
                  : plain(SAYS.shut(seen))
                : SAYS.opened(secondsText(opened))}
            </li>
          ))}
        </ul>
      )}
      <Table label={`${WORDS.view.boot}: ${host}`} heads={HEADS}>
        {coursesOf(boot).map((course) => (
          <Row key={course.service} heads={HEADS} cells={cellsOf(host, course)} />
        ))}
      </Table>
    </>
  );
}

function cellsOf(host: string, course: Course): VNode[] {
  const { service, waits, started, settled, tone, word } = course;
  return [
    <span data-row tabIndex={-1}>
      <NodeLink id={`${host}/${service}`} text={service} />
    </span>,
    <Line course={course} />,
    <span>{started === null ? SAYS.not : SAYS.after(secondsText(started))}</span>,
    waits.length === 0 ? (
      <span class="quiet">{SAYS.free}</span>
    ) : (
      <ul class="plain">
        {waits.map(({ on, until }) => (
          <li key={on}>
            {plain(until === null ? SAYS.without(on) : SAYS.until(on, secondsText(until)))}
          </li>
        ))}
      </ul>
    ),
    <span>
      <Said tone={tone} word={plain(word)} />{" "}
      <span class="quiet">{SAYS.after(secondsText(settled))}</span>
    </span>,
  ];
}

/** Its wait as a thin line, and its start as a thick one. What it says stands beside it in words. */
function Line({
  course: { startPlace, endPlace, tone, started, settled },
}: {
  readonly course: Course;
}): VNode {
  const words =
    started === null ? SAYS.not : SAYS.course(secondsText(started), secondsText(settled - started));
  return (
    <svg
      class={`course tone-${tone}`}
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      role="img"
      aria-label={words}
    >
      <rect class="wait" x="0" y="4" width={startPlace * 100} height="2" />
      <rect
        x={startPlace * 100}
        y="1"
        width={Math.max(0.6, (endPlace - startPlace) * 100)}
        height="8"
        fill="currentColor"
      />
    </svg>
  );
}
