/** One file, folder (no content) or link of a machine. */
export interface MachineFile {
  /** Absolute path inside the machine. */
  readonly path: string;
  readonly content: string;
  /** @default 0o644 */
  readonly mode?: number;
}
