/** How files beside a Compose file are read. The only effect of this room, handed in. */
export interface Sources {
  /** Text of a file; undefined when it is no file that can be read. */
  readonly text: (path: string) => string | undefined;
  /** What is at a path; undefined when there is nothing. */
  readonly kind: (path: string) => "file" | "folder" | undefined;
}
