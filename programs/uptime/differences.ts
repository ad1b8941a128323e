import type { MonitorNotice } from "../../model/monitor.ts";
import type { UptimeMonitor, UptimeSettings } from "./settings.ts";

/** A monitor or notification as Uptime Kuma lists it. */
export type Listed = Readonly<Record<string, unknown>> & { readonly id: number };

/** Fields of a monitor or notification as they are sent. */
export type Fields = Readonly<Record<string, unknown>>;

/** Description of our monitors begins so, names of our notifications too. A person's never does. */
export const MARK = "homelab: ";

/** What has to be done to a list. */
export interface Differences {
  readonly add: readonly Fields[];
  readonly edit: readonly { readonly listed: Listed; readonly fields: Fields }[];
  readonly remove: readonly Listed[];
}

/** Longest time for an answer, as the web page proposes it. */
const TIMEOUT_SECONDS = 48;
const RETRY_SECONDS = 60;

/**
 * A declared monitor as Uptime Kuma stores it: everything that changes what it asks or whom it
 * tells. What is not here (tags, groups) is a person's to choose.
 * @param notices id of the notification of each tier
 */
export function monitorFields(
  monitor: UptimeMonitor,
  notices: Readonly<Record<UptimeMonitor["tier"], number>>,
): Fields {
  const { tier, about, interval, tells = true, ...own } = monitor;
  return {
    ...own,
    // Its message to ntfy always has a button that opens the address, which ntfy refuses when it
    // is missing; the page itself proposes this for monitors that have none.
    url: own.url ?? "https://",
    description: `${MARK}${about}`,
    interval,
    retryInterval: Math.min(interval, RETRY_SECONDS),
    timeout: Math.min(TIMEOUT_SECONDS, Math.floor(interval * 0.8)),
    // The server reads it for every type.
    accepted_statuscodes: own.accepted_statuscodes ?? ["200-299"],
    upsideDown: false,
    ignoreTls: false,
    maxredirects: 10,
    // Also read for every type, and stored as text.
    kafkaProducerBrokers: [],
    kafkaProducerSaslOptions: { mechanism: "None" },
    notificationIDList: tells ? { [notices[tier]]: true } : {},
  };
}

/** The notification of a tier. */
export function noticeFields(notice: MonitorNotice, ntfy: UptimeSettings["ntfy"]): Fields {
  return {
    name: `${MARK}${notice.tier}`,
    type: "ntfy",
    isDefault: false,
    applyExisting: false,
    ntfyserverurl: ntfy.url,
    ntfytopic: notice.topic,
    ntfyPriority: notice.priority,
    ntfyAuthenticationMethod: "accessToken",
    ntfyaccesstoken: ntfy.token,
  };
}

/** What makes our monitors of the list those that are declared. */
export function monitorDifferences(
  declared: readonly Fields[],
  listed: readonly Listed[],
): Differences {
  return differences(
    declared,
    listed.filter(({ description }) => isMarked(description)),
    // A paused monitor asks nothing; a maintenance window is Uptime Kuma's own way to be silent.
    (fields, present) => !sameFields(fields, present) || !isOn(present["active"]),
  );
}

/** What makes our notifications of the list those that are declared. */
export function noticeDifferences(
  declared: readonly Fields[],
  listed: readonly Listed[],
): Differences {
  const ours = listed.filter(({ name }) => isMarked(name));
  return differences(
    declared,
    ours,
    (fields, present) => !sameFields(fields, configOf(present)) || !isOn(present["active"]),
  );
}

/** Whether nothing is to be done. */
export function isSame({ add, edit, remove }: Differences): boolean {
  return add.length + edit.length + remove.length === 0;
}

function differences(
  declared: readonly Fields[],
  ours: readonly Listed[],
  differs: (fields: Fields, present: Listed) => boolean,
): Differences {
  const kept = new Map<unknown, Listed>();
  const remove: Listed[] = [];
  const names = new Set(declared.map(({ name }) => name));
  for (const present of ours) {
    const { name } = present;
    if (names.has(name) && !kept.has(name)) kept.set(name, present);
    else remove.push(present);
  }
  return {
    add: declared.filter(({ name }) => !kept.has(name)),
    edit: declared.flatMap((fields) => {
      const listed = kept.get(fields["name"]);
      return listed && differs(fields, listed) ? [{ listed, fields }] : [];
    }),
    remove,
  };
}

function isMarked(text: unknown): boolean {
  return typeof text === "string" && text.startsWith(MARK);
}

/** The list says true or 1. */
function isOn(value: unknown): boolean {
  return value === true || value === 1;
}

/** A notification's settings are a text of their own in the list. */
function configOf(present: Listed): Fields {
  const { config } = present;
  return typeof config === "string" ? (JSON.parse(config) as Fields) : {};
}

function sameFields(fields: Fields, present: Fields): boolean {
  return Object.entries(fields).every(
    ([key, value]) => plain(value, present[key]) === plain(present[key], value),
  );
}

/** A value for comparing: the list has 0 and 1 where we say false and true. */
function plain(value: unknown, other: unknown): string {
  const bit = typeof other === "boolean" && typeof value === "number";
  return JSON.stringify(bit ? Boolean(value) : value) ?? "";
}
