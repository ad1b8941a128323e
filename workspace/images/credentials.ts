import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { run } from "../../hosts/local-command.ts";
import { UserError } from "../../model/errors.ts";

/** Logins at registries, as `docker login` left them. */
export interface Credentials {
  /** Value of a Basic Authorization header for a registry; undefined where nobody logged in. */
  readonly basicFor: (registry: string) => Promise<string | undefined>;
  /** The program that keeps a registry's logins in docker's place, if one does; for messages. */
  readonly keptBy: (registry: string) => string | undefined;
}

/** The key under which docker keeps Docker Hub's login. */
const DOCKER_HUB_KEY = "https://index.docker.io/v1/";

/** A program that asks a person to open their key chain has this long. */
const HELPER_SECONDS = 60;

const configSchema = z.looseObject({
  auths: z.record(z.string(), z.looseObject({ auth: z.string().optional() })).default({}),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).default({}),
});

/** What `docker-credential-<name> get` prints (github.com/docker/docker-credential-helpers). */
const helperSchema = z.looseObject({ Username: z.string(), Secret: z.string() });

/** As this name it hands out a token that is no password. */
const TOKEN_NAME = "<token>";

/**
 * Reads docker's config.json, in $DOCKER_CONFIG or ~/.docker; no file means no login. A login that a
 * program keeps (`credsStore`, `credHelpers`) is asked of it when it is needed, once.
 * @throws UserError HL-REGISTRY-LOGIN when it is not what docker writes
 */
export async function dockerCredentials(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Credentials> {
  const folder = environment["DOCKER_CONFIG"] || join(environment["HOME"] ?? homedir(), ".docker");
  const file = join(folder, "config.json");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return { basicFor: () => Promise.resolve(undefined), keptBy: () => undefined };
  }
  const { auths, credsStore, credHelpers } = parsed(text, file);
  const keptBy = (registry: string): string | undefined =>
    keysOf(registry)
      .map((key) => credHelpers[key])
      .find(Boolean) ?? credsStore;
  const find = async (registry: string): Promise<string | undefined> => {
    const keys = keysOf(registry);
    const helper = keptBy(registry);
    const auth =
      (helper === undefined ? undefined : await asked(helper, keys, environment)) ??
      keys.map((key) => auths[key]?.auth).find(Boolean);
    return auth === undefined ? undefined : `Basic ${auth}`;
  };
  const found = new Map<string, Promise<string | undefined>>();
  const basicFor = (registry: string): Promise<string | undefined> => {
    const answer = found.get(registry) ?? find(registry);
    found.set(registry, answer);
    return answer;
  };
  return { basicFor, keptBy };
}

/** The names under which docker may keep a registry's login. */
function keysOf(registry: string): readonly string[] {
  const keys = registry === "docker.io" ? [DOCKER_HUB_KEY, registry] : [registry];
  return [...keys, `https://${registry}`];
}

/** User and password in base64, from the program that keeps them; undefined where it has none. */
async function asked(
  helper: string,
  keys: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const env = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
  for (const key of keys) {
    const answer = await answerOf([`docker-credential-${helper}`, "get"], key, env);
    if (answer !== undefined && answer.Username !== TOKEN_NAME)
      return Buffer.from(`${answer.Username}:${answer.Secret}`).toString("base64");
  }
  return undefined;
}

/** It has none, is not there, or says something else: docker itself takes all three for "no login". */
async function answerOf(
  argv: readonly string[],
  input: string,
  env: Readonly<Record<string, string>>,
): Promise<z.infer<typeof helperSchema> | undefined> {
  try {
    const { stdout } = await run(argv, { input, env, timeoutSeconds: HELPER_SECONDS });
    return helperSchema.safeParse(JSON.parse(stdout)).data;
  } catch {
    return undefined;
  }
}

/** Its mistakes are told without a word of the file, which holds passwords. */
function parsed(text: string, file: string): z.infer<typeof configSchema> {
  try {
    return configSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      "HL-REGISTRY-LOGIN",
      `"${file}" is not what docker writes; mend it, move it away, or name another folder in DOCKER_CONFIG`,
    );
  }
}
