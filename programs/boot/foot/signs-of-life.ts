// Whether another host lives, and how a webhook is told.
import { connect } from "node:net";

const LIMIT_MS = 8000;

/** Whether a host gives a sign of life at an address: a port that refuses is one, too. */
export function answersAt(url: string, signal: AbortSignal, limitMs = LIMIT_MS): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 80) });
    const end = (answers: boolean): void => {
      clearTimeout(limit);
      signal.removeEventListener("abort", stop);
      socket.destroy();
      resolve(answers);
    };
    const stop = (): void => end(true);
    const limit = setTimeout(() => end(false), limitMs);
    signal.addEventListener("abort", stop, { once: true });
    socket.on("connect", () => end(true));
    socket.on("error", (error: NodeJS.ErrnoException) => end(error.code === "ECONNREFUSED"));
  });
}

/**
 * Sends JSON to a webhook; a redirection is not followed.
 * @throws Error when it was not taken; it says why, and nothing of what was sent
 */
export async function postTo(url: string, body: object, limitMs = LIMIT_MS): Promise<void> {
  const sent = await fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(limitMs),
  });
  if (!sent.ok) throw new Error(`it answers with status ${sent.status}`);
}
