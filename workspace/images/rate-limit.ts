/** How long a registry wants to be left alone. */
export interface RequestedWait {
  /** undefined where it does not say. */
  readonly seconds: number | undefined;
  /** When to try again, for a person. */
  readonly words: string;
}

/**
 * Reads what an answer of "429 Too Many Requests" says: Retry-After (RFC 9110, 10.2.3), or the
 * window of Docker Hub's limit (its header ratelimit-limit, e.g. "100;w=21600").
 */
export function waitNamedBy(headers: Headers, now: Date): RequestedWait {
  const after = headers.get("retry-after")?.trim() ?? "";
  const seconds = /^\d+$/.test(after)
    ? Number(after)
    : Number.isNaN(Date.parse(after))
      ? undefined
      : Math.max(0, Math.ceil((Date.parse(after) - now.getTime()) / 1000));
  if (seconds !== undefined) {
    return { seconds, words: `try again in ${duration(seconds)}; what was learnt is kept` };
  }
  const [, count, window] = /^(\d+);w=(\d+)$/.exec(headers.get("ratelimit-limit") ?? "") ?? [];
  return {
    seconds: undefined,
    words:
      count === undefined
        ? "try again in an hour; what was learnt is kept"
        : `it allows ${count} images in ${duration(Number(window))}, more to who is logged in (\`docker login\`); what was learnt is kept`,
  };
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3600) return `${Math.ceil(seconds / 60)} min`;
  return `${Math.ceil(seconds / 3600)} h`;
}
