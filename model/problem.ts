/** One mistake in a declaration. */
export interface Problem {
  /** Where, e.g. "docker-vm.grafana.ports[0]". */
  readonly path: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}
