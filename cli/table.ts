/** Space between columns. */
const GAP = "  ";

/**
 * Columns in plain text, aligned to the left. A cell may have several lines. No row ends with
 * spaces, so that a table can be compared and copied.
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header.map((name) => name.toUpperCase()), ...rows].map((row) =>
    row.map((cell) => cell.split("\n")),
  );
  const widths = header.map((_, column) =>
    Math.max(...all.flatMap((row) => (row[column] ?? []).map((line) => line.length))),
  );
  const lines = all.flatMap((row) => {
    const height = Math.max(1, ...row.map((cell) => cell.length));
    return Array.from({ length: height }, (_, index) =>
      widths
        .map((width, column) => (row[column]?.[index] ?? "").padEnd(width))
        .join(GAP)
        .trimEnd(),
    );
  });
  return `${lines.join("\n")}\n`;
}

/** "512 B", "1.5 GiB". */
export function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/**
 * A text in one line, cut where it is longer than that. What a host says can hold what would move a
 * terminal's cursor.
 */
export function cell(text: string, longest: number): string {
  const plain = text.replaceAll(/\p{Cc}+/gu, " ");
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain;
}
