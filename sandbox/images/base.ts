// The layer below every image: a small Debian with the real programs, made by base/build.sh.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../model/errors.ts";
import { sourceFrom } from "../base-root.ts";
import { run } from "../../hosts/local-command.ts";
import { sha256, type Layer, type Store } from "./store.ts";

/** The base layer and what an image has to know of it. */
export interface BaseLayer {
  readonly layer: Layer;
  /** Its user and group tables, for images that add to them. */
  readonly tables: { readonly passwd: string; readonly group: string };
  /** "<package> <version>" of all that is in it. */
  readonly packages: readonly string[];
}

/** How a base layer is made. */
export interface BaseRecipe {
  /** Part of the name of the record that it was made, e.g. "base". */
  readonly name: string;
  /**
   * Files that decide what is in it; a change in one makes it anew. The first is the script that
   * fills a folder: it is started with the folder, the mirror ("" for debootstrap's own) and the
   * other files.
   */
  readonly files: readonly [script: string, ...others: string[]];
}

const FOLDER = fileURLToPath(new URL("base", import.meta.url));

/** The base of the sandbox's images. */
const SANDBOX_BASE: BaseRecipe = {
  name: "base",
  files: [join(FOLDER, "build.sh"), join(FOLDER, "packages.txt")],
};

/** Each host unpacks it when it pulls its first image, all at the same time. */
const COMPRESSION = "zstd";

/**
 * Ends a command, all it started and all it mounted when this process ends, however that happens:
 * what a killed build leaves is a folder that can be removed.
 */
const ALONE = [
  ...["setpriv", "--pdeathsig", "KILL"],
  ...["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"],
];

/** Programs that make it, and the Debian package that has each. */
const TOOLS = {
  debootstrap: "debootstrap",
  tar: "tar",
  unshare: "util-linux",
  zstd: "zstd",
  chroot: "coreutils",
};

/**
 * The base layer; built when the store has none for the present recipe.
 * @param recipe what it is made of. @default the base of the sandbox's images
 * @throws UserError when this is not root or a program is missing
 */
export async function baseLayer(store: Store, recipe = SANDBOX_BASE): Promise<BaseLayer> {
  const texts = await Promise.all(recipe.files.map((file) => readFile(file)));
  const key = sha256(Buffer.concat([...texts, Buffer.from(COMPRESSION)]));
  return store.remember(
    recipe.name,
    key,
    (base) => [base.layer.digest],
    () => build(store, recipe),
  );
}

async function build(store: Store, { files }: BaseRecipe): Promise<BaseLayer> {
  if (process.getuid?.() !== 0) {
    throw new UserError(
      "HL-IMAGES-ROOT",
      "the sandbox's images have to be built by root; run it with sudo",
    );
  }
  const missing = Object.entries(TOOLS).filter(([program]) => !onPath(program));
  if (missing.length > 0) {
    const packages = missing.map(([, name]) => name).join(" ");
    throw new UserError(
      "HL-IMAGES-TOOLS",
      `building images needs programs that are missing: apt-get install ${packages}`,
    );
  }
  await removeLeftovers(store.folder);
  const work = join(store.folder, `work-${process.pid}`);
  const root = join(work, "root");
  await mkdir(root, { recursive: true });
  try {
    const [script, ...others] = files;
    const command = ["sh", script, root, await ownMirror(), ...others];
    await run([...ALONE, "nice", "-n", "5", ...command], { timeoutSeconds: 1800 });
    const [passwd, group, packages] = await Promise.all(
      ["etc/passwd", "etc/group", "usr/share/packages.list"].map((name) =>
        readFile(join(root, name), "utf8"),
      ),
    );
    const layer = await pack(store, root);
    return {
      layer,
      tables: { passwd: passwd ?? "", group: group ?? "" },
      packages: (packages ?? "").trim().split("\n"),
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The mirror that this computer takes its own packages from where it is a Debian, else "". */
async function ownMirror(): Promise<string> {
  const system = await readFile("/etc/os-release", "utf8");
  const suite = /^VERSION_CODENAME=(.+)$/m.exec(system)?.[1];
  if (suite === undefined || !/^ID=debian$/m.test(system)) return "";
  const format = "$(SITE) $(RELEASE) $(COMPONENT)";
  const targets = ["apt-get", "indextargets", "--format", format, "Created-By: Packages"];
  const source = sourceFrom((await run(targets)).stdout, suite);
  return source?.site ?? "";
}

/** Dates, order and owners' names would differ from machine to machine. */
async function pack(store: Store, root: string): Promise<Layer> {
  const tar = spawn(
    "tar",
    [
      "--create",
      "--directory",
      root,
      "--sort=name",
      "--mtime=@0",
      "--numeric-owner",
      "--format=gnu",
      ".",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise<number | null>((resolve, reject) => {
    tar.on("close", resolve);
    tar.on("error", reject);
  });
  const [layer, code] = await Promise.all([store.putLayer(tar.stdout, COMPRESSION), ended]);
  if (code !== 0) throw new Error(`tar ended with ${code}`);
  return layer;
}

/** Work folders of builds that were killed. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const owner = /^work-(\d+)$/.exec(name)?.[1];
    const partial = /^\.partial-(\d+)-/.exec(name)?.[1];
    const pid = owner ?? partial;
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}

function onPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((part) => existsSync(join(part, program)));
}
