import { quote } from "../../model/shell-text.ts";

/** Shell that writes the names of those that run, one a line. */
export function runningOf(names: readonly string[]): string {
  const patterns = names.map((name) => ` -e ${quote(name)}`).join("");
  return names.length > 0 ? `docker ps --format '{{.Names}}' | grep -xF${patterns}` : ":";
}
