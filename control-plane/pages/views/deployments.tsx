import type { VNode } from "preact";
import type { HostHistory } from "../../contract/page-api.ts";
import { Age } from "../parts/age.tsx";
import { Choice } from "../parts/choice.tsx";
import { useShown } from "../parts/context.ts";
import { useHeld } from "../parts/held.tsx";
import { HostChoice } from "../parts/host-choice.tsx";
import { NodeLink } from "../parts/node-link.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { Row, Table, type Head } from "../parts/table.tsx";
import { Fingerprint } from "../parts/fingerprint.tsx";
import { useHistories } from "../parts/use-histories.ts";
import { momentText } from "../view/ages.ts";
import { plain } from "../view/plain.ts";
import { differencesBetween, pairOf, receiptRows, type ReceiptRow } from "../view/receipts.ts";
import { hrefOf } from "../view/route.ts";
import { WORDS } from "../words.ts";

const SAYS = WORDS.deployments;

const NOW_HEADS: readonly Head[] = [
  { name: WORDS.hostLabel },
  { name: SAYS.deployedLabel, kind: "wide" },
  { name: SAYS.standsLabel, kind: "wide" },
];

const HEADS: readonly Head[] = [
  { name: SAYS.beganLabel },
  { name: WORDS.hostLabel },
  { name: SAYS.commitLabel },
  { name: SAYS.ofLabel, kind: "wide" },
  { name: SAYS.hasLabel },
  { name: SAYS.byLabel },
];

const DIFFERENCE_HEADS: readonly Head[] = [
  { name: SAYS.nameLabel },
  { name: SAYS.changeLabel },
  { name: SAYS.beforeLabel, kind: "wide" },
  { name: SAYS.afterLabel, kind: "wide" },
];

/** What was deployed where, and what changed between any two deployments of a host. */
export function Deployments(): VNode {
  const { hosts } = useShown().state;
  const { read, failed } = useHistories(hosts.map(({ host }) => host));
  return (
    <>
      <h1>{WORDS.view.deployments}</h1>
      <p class="quiet">{SAYS.says}</p>
      <h2>{SAYS.now}</h2>
      <Now />
      {failed.length === 0 ? null : (
        <p class="note tone-unknown">{SAYS.unread(failed.join(", "))}</p>
      )}
      {read === undefined ? <Skeleton rows={6} /> : <Receipts histories={read} />}
    </>
  );
}

/** What each host has, and whether it is held there. */
function Now(): VNode {
  const { hosts } = useShown().state;
  if (hosts.length === 0) return <p class="empty">{WORDS.noHosts}.</p>;
  return (
    <Table label={SAYS.now} heads={NOW_HEADS}>
      {hosts.map(({ host, plan, hold, deploying }) => (
        <Row
          key={host}
          heads={NOW_HEADS}
          cells={[
            <a href={hrefOf("deployments", "", { host })} data-row>
              {host}
            </a>,
            deploying !== null ? (
              <span>
                {plain(WORDS.deploying(deploying.stage, deploying.service))}{" "}
                <Age at={deploying.at} />
              </span>
            ) : plan === null ? (
              <span>{WORDS.noPlan}</span>
            ) : (
              <span>
                <Fingerprint text={plan.commit ?? plan.digest} />{" "}
                <span class="quiet">
                  {WORDS.seen} <Age at={plan.at} />
                </span>
              </span>
            ),
            hold === null ? (
              <span class="quiet">{SAYS.free}</span>
            ) : (
              <span>
                {plain(WORDS.held(hold.by))} <Age at={hold.at} />
              </span>
            ),
          ]}
        />
      ))}
    </Table>
  );
}

/** Those that are known, and the difference of two. */
export function Receipts({ histories }: { readonly histories: readonly HostHistory[] }): VNode {
  const { route, state } = useShown();
  const host = route.query.get("host") ?? "";
  const { rows, hold, more } = useHeld(receiptRows(histories, host), host);
  return (
    <>
      <h2>{SAYS.receipts}</h2>
      <div class="tools">
        <HostChoice host={host} hrefFor={(one) => hrefOf("deployments", "", { host: one })} />
      </div>
      {rows.length === 0 ? (
        <p class="empty">
          {SAYS.none} {WORDS.lastChecked} <Age at={histories[0]?.at ?? state.at} />.
        </p>
      ) : (
        <>
          {more}
          <Table label={SAYS.receipts} heads={HEADS} {...hold}>
            {rows.map(({ item, isGone }) => (
              <Row key={item.id} heads={HEADS} isGone={isGone} cells={cellsOf(item)} />
            ))}
          </Table>
        </>
      )}
      <h2>{SAYS.difference}</h2>
      <Difference histories={histories} host={host || (rows[0]?.item.host ?? "")} />
    </>
  );
}

function cellsOf({ host, receipt }: ReceiptRow): VNode[] {
  const { began, commit, only, putBack, services, by } = receipt;
  const about = only === null ? SAYS.whole : SAYS.only(plain(only));
  return [
    <span data-row tabIndex={-1} class="when">
      <span>{momentText(began)}</span>{" "}
      <span class="quiet">
        <Age at={began} />
      </span>
    </span>,
    <span>{host}</span>,
    commit === null ? <span class="quiet">{SAYS.noCommit}</span> : <Fingerprint text={commit} />,
    <span>{putBack === null ? about : `${about}: ${SAYS.putBack(putBack.length)}`}</span>,
    <span>{services.length}</span>,
    <span>{plain(by)}</span>,
  ];
}

function Difference({
  histories,
  host,
}: {
  readonly histories: readonly HostHistory[];
  readonly host: string;
}): VNode {
  const { route } = useShown();
  const rows = receiptRows(histories, host);
  const pair =
    host === ""
      ? undefined
      : pairOf(rows, route.query.get("from") ?? "", route.query.get("to") ?? "");
  if (!pair) return <p class="empty">{SAYS.two}</p>;
  const from = pair.before.receipt.began;
  const to = pair.after.receipt.began;
  const options = rows.map(
    ({ receipt }) =>
      [receipt.began, `${momentText(receipt.began)} ${receipt.commit?.slice(0, 8) ?? ""}`] as const,
  );
  const go = (changed: object): string => hrefOf("deployments", "", { host, from, to, ...changed });
  const differences = differencesBetween(pair);
  return (
    <>
      <div class="tools">
        <Choice
          label={`${SAYS.from} (${host})`}
          value={from}
          options={options}
          hrefFor={(one) => go({ from: one })}
        />
        <Choice
          label={`${SAYS.to} (${host})`}
          value={to}
          options={options}
          hrefFor={(one) => go({ to: one })}
        />
      </div>
      {differences.length === 0 ? (
        <p class="empty">{SAYS.same}</p>
      ) : (
        <Table label={SAYS.difference} heads={DIFFERENCE_HEADS}>
          {differences.map(({ name, change, before, after }) => (
            <Row
              key={`${name} ${change}`}
              heads={DIFFERENCE_HEADS}
              cells={[
                <span data-row tabIndex={-1}>
                  {change === "commit" || change === "plan" ? (
                    SAYS.change[change]
                  ) : (
                    <NodeLink id={`${host}/${name}`} text={name} />
                  )}
                </span>,
                SAYS.change[change],
                <Side text={before} />,
                <Side text={after} />,
              ]}
            />
          ))}
        </Table>
      )}
    </>
  );
}

/** A reference is read whole; of a digest its beginning is enough. */
function Side({ text }: { readonly text: string | null }): VNode {
  if (text === null || text === "") return <span class="quiet">{SAYS.nothing}</span>;
  const [reference = "", digest] = text.split("@sha256:", 2);
  return /^[0-9a-f]{16,40}$/.test(text) ? (
    <Fingerprint text={text} />
  ) : (
    <span>
      <code>{plain(reference)}</code> {digest === undefined ? null : <Fingerprint text={digest} />}
    </span>
  );
}
