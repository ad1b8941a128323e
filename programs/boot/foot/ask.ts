// One request to a part of the control plane. A connection for each: those that idle over the mesh end unnoticed.
import { request } from "node:http";
import type { Address } from "./settings.ts";

/** What is asked. */
export interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** JSON. @default none */
  readonly body?: string;
}

/** What was answered. */
export interface Answer {
  readonly status: number;
  /** After how many seconds to come again; undefined where nothing, or a date, is said. */
  readonly retryAfterSeconds: number | undefined;
  readonly text: string;
}

/** A receipt for the most events is far shorter, and so is the longest order. */
const LONGEST_ANSWER_BYTES = 64 * 1024;

/**
 * Asks a question, with the host's token.
 * @param limitMs from the first byte sent to the last one received
 * @throws Error when there is no whole answer; it says why, and nothing of what was sent
 */
export function ask(
  { url, token }: Address,
  { method, path, body = "" }: Question,
  limitMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${path}`, {
      method,
      agent: false,
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(body),
      },
    });
    const over = (): void => {
      clearTimeout(limit);
      signal.removeEventListener("abort", end);
    };
    const fail = (reason: string): void => {
      over();
      asked.destroy();
      reject(new Error(reason));
    };
    const end = (): void => fail("it is not asked any more");
    const limit = setTimeout(() => fail(`no answer within ${limitMs / 1000} s`), limitMs);
    signal.addEventListener("abort", end, { once: true });
    const failed = (error: NodeJS.ErrnoException): void => fail(error.code ?? error.message);
    asked.on("error", failed);
    asked.on("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > LONGEST_ANSWER_BYTES) fail("its answer is too long");
      });
      response.on("error", failed);
      response.on("end", () => {
        over();
        const seconds = Number.parseInt(response.headers["retry-after"] ?? "", 10);
        resolve({
          status: response.statusCode ?? 0,
          retryAfterSeconds: seconds >= 0 ? seconds : undefined,
          text: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    asked.end(body);
  });
}
