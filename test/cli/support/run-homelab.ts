import { main } from "../../../cli/main.ts";
import { jsonAnswer } from "./json-answer.ts";

/** How one command line went. */
export interface HomelabRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `homelab <words>` in this process. What it prints with `--json` is held to its schema.
 * @param environment added to the environment while it runs; undefined takes a variable away
 */
export async function runHomelab(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<HomelabRun> {
  const before = { ...process.env };
  const streams = ["stdout", "stderr"] as const;
  const output = { stdout: "", stderr: "" };
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  for (const stream of streams) {
    process[stream].write = (text: string | Uint8Array): boolean => {
      output[stream] += typeof text === "string" ? text : Buffer.from(text).toString();
      return true;
    };
  }
  let exitCode: number;
  try {
    exitCode = await main(["node", "homelab", ...words]);
  } finally {
    // Uncovers the stream's own method again.
    for (const stream of streams) Reflect.deleteProperty(process[stream], "write");
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
  if (words.includes("--json")) await jsonAnswer(words, output.stdout);
  return { exitCode, ...output };
}
