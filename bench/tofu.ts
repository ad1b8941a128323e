// OpenTofu with the Docker provider over ssh, as its users run it on this computer.
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../hosts/local-command.ts";
import { sshOptions } from "../hosts/ssh.ts";
import { HOST, PULUMI_PARALLEL, type Lab } from "./lab.ts";
import { tofuConfiguration } from "./tofu-files.ts";

/** How long a build may take. */
const BUILD_SECONDS = 3600;

/** How long one run may take. */
const APPLY_SECONDS = 900;

/** OpenTofu, ready to apply. */
export interface Tofu {
  readonly version: string;
  readonly up: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/**
 * Builds OpenTofu and the provider, unless they are there, and writes the configuration.
 * @throws HostError when it cannot be had
 */
export async function installTofu(lab: Lab): Promise<Tofu> {
  const build = [join(lab.settings.checkout, "toolchain", "build.sh"), "contenders"];
  const env = { HOMELAB_CACHE: lab.settings.cache };
  const built = await run(build, { env, timeoutSeconds: BUILD_SECONDS });
  const programs = built.stdout.trim().split("\n").at(-1) ?? "";
  const folder = await mkdtemp(join(tmpdir(), "homelab-bench-tofu-"));
  const settings = join(folder, "tofu.rc");
  // What shares the connections is looked for from the folder that ssh is started in.
  await symlink(join(lab.settings.checkout, "components"), join(folder, "components"));
  await writeFile(settings, settingsText(programs));
  await writeFile(
    join(folder, "main.tf.json"),
    tofuConfiguration(lab.host, lab, {
      host: `ssh://${HOST}`,
      // Over the same shared connections as ours: 48 of its own at once are more than an sshd takes.
      sshOptions: sshOptions(lab.env),
    }),
  );
  const tofu = (...args: string[]) =>
    run([join(programs, "tofu"), ...args], {
      env: { TF_CLI_CONFIG_FILE: settings, CHECKPOINT_DISABLE: "1" },
      cwd: folder,
      timeoutSeconds: APPLY_SECONDS,
    });
  const apply = ["apply", "-auto-approve", "-input=false", "-no-color"];
  const { stdout } = await tofu("version");
  return {
    version: /v([0-9.]+)/.exec(stdout)?.[1] ?? "",
    up: async () => {
      await tofu(...apply, `-parallelism=${PULUMI_PARALLEL}`);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The provider is the one that was built, and nothing is asked of a registry. */
function settingsText(programs: string): string {
  return `provider_installation {
  dev_overrides {
    "kreuzwerker/docker" = "${programs}"
  }
  direct {}
}
`;
}
