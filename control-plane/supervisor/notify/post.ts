// One request to a target, with Node.js's own client: the container has little memory for another.
import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";

/** What is sent: JSON, with a token where the target asks for one. */
export interface Post {
  readonly url: string;
  readonly token?: string;
  readonly body: object;
}

/** What was answered; its text is nothing to us. */
export interface Answer {
  readonly status: number;
  /** After how many seconds to come again; undefined where nothing, or a date, is said. */
  readonly retryAfterSeconds: number | undefined;
}

/** Sends one. @throws Error when there is no answer; it says why, and nothing of what was sent */
export type Poster = (post: Post) => Promise<Answer>;

const LIMIT_MS = 15_000;

/** Sends over the network. A redirection is not followed: it may lead the token elsewhere. */
export const post: Poster = ({ url, token, body }) => {
  const text = JSON.stringify(body);
  const options = {
    method: "POST",
    agent: false,
    headers: {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(text),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
  };
  return new Promise((resolve, reject) => {
    const isHttps = new URL(url).protocol === "https:";
    const asked = isHttps ? overHttps(url, options) : overHttp(url, options);
    const limit = setTimeout(() => {
      asked.destroy(new Error(`no answer within ${LIMIT_MS / 1000} s`));
    }, LIMIT_MS);
    asked.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      reject(new Error(error.code ?? error.message));
    });
    asked.on("response", (response) => {
      clearTimeout(limit);
      const { statusCode: status = 0, headers } = response;
      const seconds = Number.parseInt(headers["retry-after"] ?? "", 10);
      resolve({ status, retryAfterSeconds: seconds >= 0 ? seconds : undefined });
      // However long its answer is, nobody reads it.
      response.on("error", () => undefined);
      asked.destroy();
    });
    asked.end(text);
  });
};
