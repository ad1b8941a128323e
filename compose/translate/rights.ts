import { Code, noted, type Printable } from "../write/code.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";
import type { TranslatedImage } from "./image.ts";

/**
 * What start scripts of images use that begin as root and become somebody else. Docker gives
 * fourteen to every container; the others are for few programs.
 */
const STARTING = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"];

/** Capabilities, user and groups of a service. */
export function translateRights(
  service: ComposeService,
  image: TranslatedImage,
  context: Context,
): Record<string, Printable> {
  const { fields } = service;
  const capabilities = capabilitiesOf(service, image, context);
  return {
    user: userOf(service, context),
    capabilities,
    readOnlyRoot: fields.read_only === true ? true : undefined,
    groups: groupsOf(service, context),
    init: fields.init === true ? true : undefined,
    hostPid: fields.pid === "host" ? true : undefined,
  };
}

function capabilitiesOf(
  service: ComposeService,
  image: TranslatedImage,
  { findings, house }: Context,
): Printable {
  const { cap_add: added = [], cap_drop: removed = [], privileged, user } = service.fields;
  const notes: string[] = [];
  const given = added.map(bare);
  const taken = removed.map(bare);
  if (privileged === true) {
    notes.push(
      findings.decide(
        service.place("privileged"),
        `no container of ${house.host} is privileged: name the capabilities and devices that "${service.name}" really needs`,
      ),
    );
  }
  if (given.includes("ALL")) {
    notes.push(
      findings.decide(
        service.place("cap_add"),
        `name the capabilities of "${service.name}" one by one`,
      ),
    );
  }
  const read = image.contract.capabilities.value;
  const isOther = user !== undefined && !/^(0|root)(:|$)/.test(user);
  let base: readonly string[];
  if (read) base = [...read.start, ...read.work, ...read.stop];
  else if (taken.includes("ALL") || isOther) base = [];
  else {
    base = STARTING;
    findings.assumed(
      service.place("image"),
      `of the capabilities that Docker gives to all, those that start scripts use (${STARTING.join(", ")}); take away what its Dockerfile does not need`,
    );
  }
  const all = [...new Set([...base, ...given])]
    .filter((name) => name !== "ALL" && (given.includes(name) || !taken.includes(name)))
    .sort();
  return all.length === 0 && notes.length === 0 ? undefined : noted(notes, all);
}

function bare(capability: string): string {
  return capability.toUpperCase().replace(/^CAP_/, "");
}

function userOf(service: ComposeService, { findings }: Context): Printable {
  const { user } = service.fields;
  if (user === undefined || user === "") return undefined;
  if (/^root(:root)?$/.test(user)) return "0:0";
  if (/^\d+(:\d+)?$/.test(user)) return user;
  return noted(
    [
      findings.decide(
        service.place("user"),
        `which numbers "${user}" has in the image, as "uid:gid": files on the host belong to numbers`,
      ),
    ],
    user,
  );
}

function groupsOf(service: ComposeService, { findings, house }: Context): Printable {
  const { group_add: groups = [], devices = [] } = service.fields;
  const graphics = groups.filter((group) => group === "video" || group === "render");
  const hasGraphics = devices.some(({ source }) => source.startsWith("/dev/dri"));
  if (graphics.length > 0 || (hasGraphics && groups.length === 0)) {
    return new Code("site.renderGroups", house.site.renderGroups);
  }
  if (groups.length === 0) return undefined;
  const named = groups.filter((group) => !/^\d+$/.test(group));
  const notes =
    named.length === 0
      ? []
      : [
          findings.decide(
            service.place("group_add"),
            `which numbers the groups ${named.join(", ")} have on the host: getent group ${named.join(" ")}`,
          ),
        ];
  return noted(notes, groups);
}
