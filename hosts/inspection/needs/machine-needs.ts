import type { HostDeclaration } from "../../../model/declaration.ts";
import type { HostAnswer } from "../answer.ts";
import type { Verdict } from "../rows.ts";

/** The points about the login's rights, its resolver and the kernel's settings. */
export function machineNeeds(host: HostDeclaration, answer: HostAnswer): Verdict[] {
  return [
    ...rootRows(host.host, answer),
    ...resolverRows(host, answer),
    ...inotifyRows(host, answer),
  ];
}

function rootRows(host: string, { user }: HostAnswer): Verdict[] {
  if (user === "0" || user === "") return [];
  return [
    {
      check: "root",
      state: "failure",
      seen: `the login is of user ${user}, and nothing here asks for sudo`,
      remedy: `write "User root" below "Host ${host}" in ~/.ssh/config, and put your key into /root/.ssh/authorized_keys there`,
    },
  ];
}

/**
 * A host that answers names for others must not ask itself: its Pi-hole waits for a name from
 * outside before it first answers, and the engine pulls while it is not there.
 */
function resolverRows({ host, services }: HostDeclaration, answer: HostAnswer): Verdict[] {
  const answers = services.find(({ ports = [] }) =>
    ports.some(
      ({ host: port, bind, protocol }) => port === 53 && protocol === "udp" && bind === "0.0.0.0",
    ),
  );
  const servers = [...answer.resolvConf.matchAll(/^nameserver\s+(\S+)/gm)].map(
    ([, one]) => one ?? "",
  );
  if (!answers || servers.length === 0) return [];
  const own = servers.filter(
    (one) => answer.addresses.includes(one) || /^127\.0\.0\.1$|^::1$/.test(one),
  );
  if (own.length < servers.length) return [];
  return [
    {
      check: "resolver",
      state: "warning",
      seen: `${host} asks itself for names (${own.join(", ")}), and while ${answers.name} is not up it gets none, nor an image`,
      remedy: `give it others, e.g. 1.1.1.1 and 9.9.9.9, where /etc/resolv.conf comes from (docs/guides/first-hour.md, step 4)`,
    },
  ];
}

function inotifyRows({ host, services }: HostDeclaration, { watches }: HostAnswer): Verdict[] {
  const asking = services.flatMap(({ name, inotifyWatches }) =>
    inotifyWatches === undefined ? [] : [{ name, least: inotifyWatches }],
  );
  const least = Math.max(0, ...asking.map((one) => one.least));
  if (watches === undefined || least === 0) return [];
  const check = "inotify";
  if (watches >= least) {
    return [{ check, state: "ok", seen: `${watches} folders can be watched`, remedy: "" }];
  }
  const short = asking.filter((one) => one.least > watches);
  return [
    {
      check,
      state: "warning",
      seen: `${watches} folders can be watched, ${short.map((one) => `${one.name} wants ${one.least}`).join(", ")}: with more folders than that it sees changes late`,
      remedy: `ssh ${host} "echo fs.inotify.max_user_watches=${least} > /etc/sysctl.d/homelab.conf && sysctl --system"`,
    },
  ];
}
