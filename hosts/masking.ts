// Takes secrets out of a text that a person or a file will keep.

/** What stands for a secret. */
export const MASK = "***";

/** Shorter values ("1", "yes") are in every text, and no secrets. */
export const SHORTEST_SECRET = 4;

/** What is left of a base64 text after its unsure ends must be as long, to be a sign of the secret. */
const SHORTEST_ENCODED = 6;

// What colours a terminal or moves its cursor, and would hide a secret that it stands in
// (ECMA-48: control sequences, and strings such as a window's title).
const SEQUENCES =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]/g;

/** The text without control characters, but for its lines and tabs. */
export function plainText(text: string): string {
  return text
    .replaceAll(SEQUENCES, "")
    .replaceAll("\r\n", "\n")
    .replaceAll(/[^\P{Cc}\n\t]/gu, "");
}

/**
 * A function that masks the given values in a text: as they are, in base64 at any place of a longer
 * text, hexadecimal, and as URL, JSON and the shell quote them, also broken over lines or laced with
 * a terminal's sequences, which it removes. A password in an address is masked, too.
 */
export function maskerOf(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.flatMap(formsOf));
  // Longest first: one may be part of another.
  const sorted = [...forms].sort((a, b) => b.length - a.length);
  const pattern = sorted.length === 0 ? undefined : new RegExp(sorted.map(broken).join("|"), "g");
  return (text) => {
    const plain = plainText(text);
    const masked = pattern === undefined ? plain : plain.replaceAll(pattern, MASK);
    return maskAddresses(masked);
  };
}

/** Masks the password of each address in a text, e.g. of redis://user:password@host. */
export function maskAddresses(text: string): string {
  return text.replaceAll(/(:\/\/[^\s/:@]*):[^\s/@]+@/g, `$1:${MASK}@`);
}

/** A pattern of a text that may be broken over lines. */
function broken(text: string): string {
  const escaped = [...text].map((character) => character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&"));
  return escaped.join("(?:[\\t ]*\\n[\\t ]*)?");
}

function formsOf(secret: string): string[] {
  const lines = secret.split("\n").filter((line) => line.trim().length >= SHORTEST_SECRET);
  const whole = secret.trim();
  if (whole.length < SHORTEST_SECRET) return [];
  const bytes = Buffer.from(whole);
  return [
    ...lines.map((line) => line.trim()),
    whole,
    encodeURIComponent(whole),
    encodeURIComponent(whole).replaceAll("%20", "+"),
    JSON.stringify(whole).slice(1, -1),
    whole.replaceAll("'", `'\\''`),
    bytes.toString("hex"),
    ...[0, 1, 2].flatMap((before) => base64Forms(bytes, before)),
  ];
}

/** What base64 makes of the bytes behind so many others, without what these and what follows change. */
function base64Forms(bytes: Buffer, before: number): string[] {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
  const sure = encoded.replace(/=+$/, "").slice(before === 0 ? 0 : before + 1);
  const end = (before + bytes.length) % 3 === 0 ? sure : sure.slice(0, -1);
  if (end.length < SHORTEST_ENCODED) return [];
  return [end, end.replaceAll("+", "-").replaceAll("/", "_")];
}
