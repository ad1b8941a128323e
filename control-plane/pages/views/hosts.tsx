import type { ComponentChildren, VNode } from "preact";
import type { HostWorld } from "../../contract/world.ts";
import { Age } from "../parts/age.tsx";
import { useShown } from "../parts/context.ts";
import { Mark, Said } from "../parts/mark.tsx";
import { plain } from "../view/plain.ts";
import { hrefOf } from "../view/route.ts";
import { countsOf, TONES_IN_ORDER } from "../view/service-rows.ts";
import { hostCondition } from "../view/tones.ts";
import { WORDS } from "../words.ts";

/** Clocks that differ by less are the same, in seconds. */
const SAME_CLOCK_SECONDS = 2;

/** Letters of a commit that are shown. */
const SHORT = 12;

/** The view of the hosts. */
export function Hosts(): VNode {
  return (
    <>
      <h1>{WORDS.view.hosts}</h1>
      <HostCards level="h2" />
    </>
  );
}

/** Each host on a card. */
export function HostCards({ level }: { readonly level: "h2" | "h3" }): VNode {
  const { hosts } = useShown().state;
  if (hosts.length === 0) return <p class="empty">{WORDS.noHosts}.</p>;
  return (
    <div class="hosts">
      {hosts.map((world) => (
        <HostCard key={world.host} world={world} level={level} />
      ))}
    </div>
  );
}

function HostCard({
  world,
  level: Heading,
}: {
  readonly world: HostWorld;
  readonly level: "h2" | "h3";
}): VNode {
  const { nodes, knowledge } = useShown();
  const { host, freshness, plan } = world;
  const counts = countsOf(nodes.all.filter((node) => node.host === host));
  const notes = notesOf(world);
  return (
    <article class="card" aria-labelledby={`host-${host}`}>
      <Heading id={`host-${host}`}>
        <a href={hrefOf("services", "", { host })} data-row>
          {host}
        </a>
      </Heading>
      <p class="line">
        <Said {...hostCondition(world, knowledge)} />{" "}
        <Age at={freshness.since} as={WORDS.forSpan} />
      </p>
      <dl class="facts">
        <dt>{WORDS.heardLabel}</dt>
        <dd>
          <Age at={freshness.heard} />
        </dd>
        <dt>{WORDS.servicesLabel}</dt>
        <dd>
          {TONES_IN_ORDER.filter((tone) => counts[tone] > 0).map((tone) => (
            <span class={`tally tone-${tone}`} key={tone}>
              <Mark tone={tone} />
              {`${counts[tone]} ${WORDS.tone[tone]}`}
            </span>
          ))}
        </dd>
        <dt>{WORDS.planLabel}</dt>
        <dd>
          {plan === null ? (
            WORDS.noPlan
          ) : (
            <>
              <code>{(plan.commit ?? plan.digest).slice(0, SHORT)}</code>{" "}
              <span class="quiet">
                {WORDS.seen} <Age at={plan.at} />
              </span>
            </>
          )}
        </dd>
        {notes.length === 0 ? null : (
          <>
            <dt>{WORDS.notesLabel}</dt>
            <dd>
              {notes.map(([text, at]) => (
                <div key={text}>
                  {plain(text)} {at}
                </div>
              ))}
            </dd>
          </>
        )}
      </dl>
    </article>
  );
}

function notesOf(world: HostWorld): (readonly [string, ComponentChildren])[] {
  const { gap, engine, maintenance, hold, deploying, clockAheadSeconds: ahead, counts } = world;
  const aged = (at: string | null): VNode => <Age at={at} />;
  return [
    ...(maintenance
      ? [[WORDS.maintenance(maintenance.reason, maintenance.by), aged(maintenance.at)] as const]
      : []),
    ...(hold ? [[WORDS.held(hold.by), aged(hold.at)] as const] : []),
    ...(deploying
      ? [[WORDS.deploying(deploying.stage, deploying.service), aged(deploying.at)] as const]
      : []),
    ...(gap ? [[WORDS.gap(gap.reason), aged(gap.since)] as const] : []),
    ...(engine.state === "away"
      ? [[WORDS.engine(engine.reason ?? "?"), aged(engine.at)] as const]
      : []),
    ...(ahead !== null && Math.abs(ahead) > SAME_CLOCK_SECONDS
      ? [[WORDS.clock(ahead), null] as const]
      : []),
    ...(counts.lost > 0 ? [[WORDS.lostEvents(counts.lost), null] as const] : []),
  ];
}
