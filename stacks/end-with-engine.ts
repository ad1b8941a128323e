/**
 * Ends this process when nobody reads what it prints any more: the `pulumi` that it works for was
 * killed. The SDK reports each error of such a process, then that the report failed, then that this
 * failed, and goes on so with a whole processor and ever more memory, until somebody ends it.
 */
export function endWithEngine(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", () => process.exit(1));
  }
}
