// Writes tar archives that depend on nothing but their content: fixed dates, numeric owners,
// sorted names. The layers of the images are small, so all of it stays in memory.
const BLOCK = 512;

/** One path of an archive; paths are relative, without a leading slash. */
export interface TarEntry {
  readonly path: string;
  readonly type: "folder" | "file" | "link";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Content of a file. */
  readonly content?: Buffer;
  /** Target of a symbolic link. */
  readonly target?: string;
}

/** The archive of the entries, sorted by path. @throws Error when two entries share a path */
export function tarArchive(entries: readonly TarEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  const parts: Buffer[] = [];
  sorted.forEach((entry, index) => {
    if (sorted[index + 1]?.path === entry.path) throw new Error(`"${entry.path}" is there twice`);
    const content = entry.content ?? Buffer.alloc(0);
    parts.push(header(entry, content.length), content);
    parts.push(Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  });
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}

const TYPES = { file: "0", link: "2", folder: "5" } as const;

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const name = entry.type === "folder" ? `${entry.path}/` : entry.path;
  text(block, name, 0, 100);
  octal(block, entry.mode, 100, 8);
  octal(block, entry.uid, 108, 8);
  octal(block, entry.gid, 116, 8);
  octal(block, size, 124, 12);
  octal(block, 0, 136, 12);
  block.write("        ", 148, "latin1");
  block.write(TYPES[entry.type], 156, "latin1");
  text(block, entry.target ?? "", 157, 100);
  block.write("ustar\0" + "00", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

function text(block: Buffer, value: string, at: number, length: number): void {
  const bytes = Buffer.from(value);
  if (bytes.length > length) throw new Error(`"${value}" is longer than ${length} bytes`);
  bytes.copy(block, at);
}

function octal(block: Buffer, value: number, at: number, length: number): void {
  block.write(value.toString(8).padStart(length - 1, "0"), at, "latin1");
}
