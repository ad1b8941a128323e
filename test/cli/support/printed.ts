/** What was printed, and what a function answered. */
export interface Printed<Answer> {
  readonly answer: Answer;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a function, and keeps what it prints. */
export async function printed<Answer>(run: () => Promise<Answer>): Promise<Printed<Answer>> {
  const streams = ["stdout", "stderr"] as const;
  const output = { stdout: "", stderr: "" };
  for (const stream of streams) {
    process[stream].write = (text: string | Uint8Array): boolean => {
      output[stream] += typeof text === "string" ? text : Buffer.from(text).toString();
      return true;
    };
  }
  try {
    return { answer: await run(), ...output };
  } finally {
    // Uncovers the stream's own method again.
    for (const stream of streams) Reflect.deleteProperty(process[stream], "write");
  }
}
