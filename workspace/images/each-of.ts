/** Registries limit who asks too much at once. */
const AT_ONCE = 4;

/** Runs an action on every item, four at a time. */
export async function eachOf<T>(
  items: readonly T[],
  action: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await action(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
