import { basename, extname, resolve } from "node:path";
import { MOUNT_GROUND } from "../../components/core/shared-folder.plan.ts";
import type { ComposeMount } from "../schema/mounts.ts";
import { externalName } from "../schema/file.ts";
import { kebab } from "../kebab.ts";
import { maySecretsBeIn } from "../secrets/suspicious.ts";
import { withoutMarks } from "../secrets/vault.ts";
import { noted, type Printable } from "../write/code.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";
import type { Texts } from "./texts.ts";
import type { Volumes } from "./volumes.ts";

/** What is mounted into a service. */
export interface TranslatedMounts {
  readonly mounts: Printable[];
  readonly files: Printable[];
  /** Gates of the host on which folders lie. */
  readonly gates: string[];
  /** The host's time was mounted. */
  readonly wantsTimezone: boolean;
}

/** The parts of an app that mounts add to. */
export interface MountBooks {
  readonly volumes: Volumes;
  readonly texts: Texts;
}

const SOCKETS = ["/var/run/docker.sock", "/run/docker.sock"];
const CLOCKS = ["/etc/localtime", "/etc/timezone", "/usr/share/zoneinfo"];
/** A longer file is no setting that somebody wrote. */
const LONGEST_TEXT = 32 * 1024;
const TEXT_ENDINGS = new Set(
  ".cfg .conf .css .csv .env .html .ini .js .json .properties .rules .sh .template .toml .txt .xml .yaml .yml".split(
    " ",
  ),
);
/** Size of memory that looks like a folder, where nothing is said. */
const TMPFS_SIZE = "64MiB";

/** Mounts, configs and secrets of a service. */
export function translateMounts(
  service: ComposeService,
  books: MountBooks,
  context: Context,
): TranslatedMounts {
  const { fields } = service;
  const { volumes = [] } = fields;
  const result: TranslatedMounts = {
    mounts: [],
    files: [],
    gates: [],
    wantsTimezone: volumes.some(isClock),
  };
  volumes.forEach((mount, index) => {
    if (isClock(mount)) {
      context.findings.dropped(
        service.place("volumes", index),
        `${mount.target}: TZ says the household's time zone`,
      );
      return;
    }
    addMount(service, mount, index, result, books, context);
  });
  for (const path of fields.tmpfs ?? []) {
    const [target = "", options = ""] = path.split(":");
    const said = /size=(\d+)([kmg]?)/i.exec(options);
    result.mounts.push({ kind: "tmpfs", target, size: said ? tmpfsSize(said) : TMPFS_SIZE });
  }
  addGrants(service, result, books, context);
  return result;
}

/** Whether a mount brings the time of the host. */
function isClock({ kind, source }: ComposeMount): boolean {
  return kind === "bind" && CLOCKS.some((path) => source?.startsWith(path));
}

function tmpfsSize([, amount = "", unit = ""]: RegExpExecArray): string {
  const mebibytes = { k: 1 / 1024, m: 1, g: 1024, "": 1 / 1024 / 1024 }[unit.toLowerCase()] ?? 1;
  return `${Math.max(1, Math.ceil(Number(amount) * mebibytes))}MiB`;
}

function addMount(
  service: ComposeService,
  mount: ComposeMount,
  index: number,
  into: TranslatedMounts,
  books: MountBooks,
  context: Context,
): void {
  const { findings } = context;
  const place = service.place("volumes", index);
  const { kind, target, beside } = mount;
  if (kind === "other") {
    findings.dropped(place, `${target}: only volumes, folders and memory are mounted`);
    return;
  }
  if (beside.length > 0) findings.dropped(place, `${beside.join(", ")} of ${target}`);
  if (kind === "tmpfs") {
    into.mounts.push({ kind: "tmpfs", target, size: mount.size ?? TMPFS_SIZE });
  } else if (kind === "volume") {
    addVolume(service, mount, index, into, books, context);
  } else {
    addBind(service, mount, index, into, books, context);
  }
}

function addVolume(
  service: ComposeService,
  { source, target, readOnly }: ComposeMount,
  index: number,
  into: TranslatedMounts,
  { volumes }: MountBooks,
  context: Context,
): void {
  const { names, project, findings, house } = context;
  const place = service.place("volumes", index);
  const mount = { target, ...(readOnly && { readOnly: true }) };
  if (source === undefined) {
    const name = `${names.container(service.name)}-${kebab(basename(target))}`;
    findings.changed(place, `the volume without a name for ${target} is called ${name}`);
    volumes.add({ name, from: undefined, notes: [], kind: "files" });
    into.mounts.push({ kind: "volume", volume: name, ...mount });
    return;
  }
  const declared = project.volumes[source] ?? {};
  const options = declared.driver_opts ?? {};
  if (options["type"] !== undefined || options["device"] !== undefined) {
    const what = options["type"] === "none" || options["o"] === "bind" ? "a folder" : "a share";
    const note = findings.decide(
      place,
      `where on ${house.host} ${what} for "${source}" is mounted: a volume is the engine's own, and a share of the NAS lies below ${MOUNT_GROUND} behind a gate (household/${house.host}.plan.ts)`,
    );
    into.mounts.push(
      noted([note], { kind: "bind", source: `${MOUNT_GROUND}/${kebab(source)}`, ...mount }),
    );
    return;
  }
  const name = names.volume(source);
  const before = externalName(source, declared) ?? declared.name ?? `${project.name}_${source}`;
  volumes.add({ name, from: before === name ? undefined : before, notes: [], kind: "files" });
  into.mounts.push({ kind: "volume", volume: name, ...mount });
}

function addBind(
  service: ComposeService,
  mount: ComposeMount,
  index: number,
  into: TranslatedMounts,
  { volumes, texts }: MountBooks,
  context: Context,
): void {
  const { findings, house, names, project, sources, vault } = context;
  const { source = "", target, readOnly } = mount;
  const place = service.place("volumes", index);
  const declared = { target, ...(readOnly && { readOnly: true }) };
  if (SOCKETS.includes(source)) {
    const note = findings.decide(
      place,
      `whether "${service.name}" may have the engine's socket: who has it can do everything on ${house.host}; it is mounted read-only, which does not change that`,
    );
    into.mounts.push(noted([note], { kind: "bind", source: SOCKETS[0], target, readOnly: true }));
    return;
  }
  const isOurs = source.startsWith(`${project.folder}/`);
  const kind = sources.kind(source);
  const isFile = kind === "file" || (kind === undefined && isOurs && extname(target) !== "");
  if (isFile) {
    const text = isOurs || kind === "file" ? textOfFile(source, readOnly, context) : undefined;
    if (text !== undefined) {
      if (!readOnly)
        findings.changed(
          place,
          `${target} is written by the deployment, and read-only in the container`,
        );
      into.files.push({ target, content: { kind: "text", text: texts.add(target, text) } });
      return;
    }
    const why =
      kind === "file" && vault.isIn(sources.text(source) ?? "")
        ? "it holds a secret"
        : "it may hold a secret, or be written by the program";
    const note = findings.decide(
      place,
      `what becomes of the file ${target}: in \`files\` its text is part of the plan (a secret in it as {{name}}), in a volume it belongs to the program; ${why}`,
    );
    into.mounts.push(noted([note], { kind: "bind", source, ...declared, readOnly: true }));
    return;
  }
  if (isOurs) {
    const name = `${names.app}-${kebab(basename(source))}`.replace(
      `${names.app}-${names.app}`,
      names.app,
    );
    const volume = name === names.app ? `${names.app}-data` : name;
    findings.changed(place, `the folder beside the Compose file becomes the volume ${volume}`);
    volumes.add({ name: volume, from: source, notes: [], kind: "files" });
    into.mounts.push({ kind: "volume", volume, ...declared });
    return;
  }
  const gate = Object.entries(house.gates).find(
    ([path]) => source === path || source.startsWith(`${path}/`),
  );
  if (gate) into.gates.push(gate[1]);
  const what = readOnly
    ? "nothing copies it, and nothing makes it"
    : "add it to what a job copies, or say in `notCopied` why it may be lost";
  const note = findings.decide(
    place,
    `which folder of ${house.host} is ${target} (it was ${source}): ${gate ? "" : "a share of the NAS has a gate, a folder of the host has to be there; "}${what}`,
  );
  into.mounts.push(
    noted([note], { kind: "bind", source: source.replace(/^~/, "/root"), ...declared }),
  );
}

/** The text of a settings file without secrets; undefined for any other. */
function textOfFile(
  path: string,
  readOnly: boolean,
  { sources, vault }: Context,
): string | undefined {
  const text = sources.text(path);
  const isText = text !== undefined && text.length <= LONGEST_TEXT && !text.includes("\0");
  const isSetting = readOnly || TEXT_ENDINGS.has(extname(path));
  return isText && isSetting && !maySecretsBeIn(text, vault) ? text : undefined;
}

function addGrants(
  service: ComposeService,
  into: TranslatedMounts,
  { texts }: MountBooks,
  { project, vault, sources, findings }: Context,
): void {
  for (const { source, target, owner, mode } of service.fields.secrets ?? []) {
    const mark = project.secrets[source];
    const secret = mark === undefined ? undefined : vault.nameOf(mark);
    if (secret === undefined) {
      findings.dropped(service.place("secrets"), `"${source}" is no secret of the file`);
      continue;
    }
    const path = target ?? source;
    into.files.push({
      target: path.startsWith("/") ? path : `/run/secrets/${path}`,
      content: { kind: "secret", secret },
      owner,
      mode,
    });
  }
  for (const { source, target, owner, mode } of service.fields.configs ?? []) {
    const config = project.configs[source];
    const path = target ?? `/${source}`;
    const text =
      config?.file === undefined
        ? config?.content
        : sources.text(resolve(project.folder, config.file));
    if (text === undefined) {
      findings.dropped(
        service.place("configs"),
        `"${source}" has no text in the file or beside it; add it to \`files\``,
      );
      continue;
    }
    const covered = vault.cover(text, `${source}_PASSWORD`, config?.file ?? `the config ${source}`);
    if (maySecretsBeIn(withoutMarks(covered), vault)) {
      findings.dropped(
        service.place("configs"),
        `"${source}" may hold a secret: write it into \`files\`, with {{name}} in place of the secret`,
      );
      continue;
    }
    const content =
      covered === text
        ? { kind: "text", text: texts.add(path, text) }
        : { kind: "template", template: texts.add(path, vault.templateOf(covered)) };
    into.files.push({ target: path, content, owner, mode });
  }
}
