import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { HetznerImitation } from "./hetzner-imitation.ts";

const CHECKOUT = join(import.meta.dirname, "../../..");

/** What Hetzner's provider takes for a token: 64 characters. */
export const TOKEN = "correct-token-".padEnd(64, "x");

/** Address of the imitated server; of a range for examples. */
export const ADDRESS = "203.0.113.5";

/** A Pulumi project with a state of its own, the real provider plugin, and an imitated Hetzner. */
export interface CloudLab {
  readonly hetzner: HetznerImitation;
  readonly folder: string;
  /** Runs `pulumi` on stack vps. */
  pulumi(...args: string[]): Promise<{ readonly code: number; readonly output: string }>;
  /** Sets a config value; a secret one travels on standard input and is stored encrypted. */
  configure(key: string, value: string, kind?: "secret"): Promise<void>;
  /** Everything that Pulumi keeps of the stack: its state, copies and history. */
  written(): Promise<string>;
  close(): Promise<void>;
}

/**
 * @param main the program, below the checkout
 * @param config values of stack vps beside the token
 */
export async function openCloudLab(
  main: string,
  config: Readonly<Record<string, unknown>>,
): Promise<CloudLab> {
  const folder = await mkdtemp(join(tmpdir(), "homelab-cloud-"));
  const state = join(folder, "state");
  await mkdir(state);
  const programs = (
    await execa(join(CHECKOUT, "toolchain/build.sh"), ["pulumi"], { stderr: "inherit" })
  ).stdout.trim();
  const hetzner = new HetznerImitation(TOKEN, ADDRESS);
  const env = {
    PATH: `${programs}:${process.env["PATH"] ?? ""}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "of a test",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // No request can go anywhere else: the provider asks this address for everything.
    HCLOUD_ENDPOINT: await hetzner.start(),
    HOMELAB_SSH_CONFIG: join(folder, "ssh-config"),
    // Some of these programs lie in a folder below it.
    HOMELAB_CHECKOUT: CHECKOUT,
  };
  await writeFile(env.HOMELAB_SSH_CONFIG, "Host vps\n  HostName 127.0.0.1\n  Port 1\n");
  await writeFile(
    join(folder, "Pulumi.yaml"),
    stringify({
      name: "homelab",
      main: join(CHECKOUT, main),
      runtime: { name: "nodejs", options: { typescript: false } },
    }),
  );
  const lab: CloudLab = {
    hetzner,
    folder,
    pulumi: async (...args) => {
      const result = await execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
        cwd: folder,
        env,
        all: true,
        reject: false,
        timeout: 120_000,
      });
      return { code: result.exitCode ?? -1, output: result.all };
    },
    configure: async (key, value, kind) => {
      const how = kind === "secret" ? "--secret" : "--plaintext";
      await execa("pulumi", ["config", "set", how, key, "--non-interactive"], {
        cwd: folder,
        env,
        input: value,
      });
    },
    written: async () => {
      const files = await readdir(state, { recursive: true, withFileTypes: true });
      const texts = files
        .filter((file) => file.isFile())
        .map((file) => readFile(join(file.parentPath, file.name), "utf8"));
      return (await Promise.all(texts)).join("\n");
    },
    close: async () => {
      await hetzner.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  const { code, output } = await lab.pulumi("stack", "init", "vps");
  if (code !== 0) throw new Error(`no stack could be made: ${output}`);
  const file = join(folder, "Pulumi.vps.yaml");
  await appendFile(file, stringify({ config }));
  await lab.configure("homelab:hcloud-token", TOKEN, "secret");
  return lab;
}
