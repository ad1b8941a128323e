import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../model/errors.ts";

/** Logins at registries, as `docker login` left them. */
export interface Credentials {
  /** Value of a Basic Authorization header for a registry; undefined where nobody logged in. */
  readonly basicFor: (registry: string) => string | undefined;
  /** Names a program that keeps logins, which is not asked here; for messages. */
  readonly keptElsewhere: string | undefined;
}

/** The key under which docker keeps Docker Hub's login. */
const DOCKER_HUB_KEY = "https://index.docker.io/v1/";

const configSchema = z.looseObject({
  auths: z.record(z.string(), z.looseObject({ auth: z.string().optional() })).default({}),
  credsStore: z.string().optional(),
});

/**
 * Reads docker's config.json, in $DOCKER_CONFIG or ~/.docker; no file means no login.
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
    return { basicFor: () => undefined, keptElsewhere: undefined };
  }
  const { auths, credsStore } = parsed(text, file);
  const basicFor = (registry: string): string | undefined => {
    const keys = registry === "docker.io" ? [DOCKER_HUB_KEY, registry] : [registry];
    const auth = [...keys, `https://${registry}`].map((key) => auths[key]?.auth).find(Boolean);
    return auth === undefined ? undefined : `Basic ${auth}`;
  };
  return { basicFor, keptElsewhere: credsStore };
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
