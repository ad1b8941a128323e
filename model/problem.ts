/** One mistake in a declaration. */
export interface Problem {
  /** Where, e.g. "docker-vm.grafana.ports[0]". */
  readonly path: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** A mistake in one line: where, and what. */
export function problemText({ path, message }: Problem): string {
  return `${path}: ${message}`;
}
