import type { ImageEntry } from "../../sandbox/images/types.ts";

/** One real program that is started under the house rules and asked. */
export interface RealProgram {
  /** The declared service that it is, e.g. "docker-vm/vmalert". */
  readonly service: string;
  /** Where the program was had, e.g. "Go module github.com/rclone/rclone". */
  readonly from: string;
  /** Its image in place of the sandbox's. @default the sandbox's, which has the real program */
  readonly image?: RealImage;
  /** Command in the container that prints its version; not every image has a shell. */
  readonly version: readonly string[];
  /** Services that have to be healthy first and that it does not require itself. @default none */
  readonly beside?: readonly string[];
  /** What it is asked, in words of the page. */
  readonly question: string;
  /**
   * Shell script on the machine that asks. `$address` is the container's address, `$name` its name;
   * `in_it <command…>` runs a command in it. It is tried again until the answer is right.
   */
  readonly ask: string;
  /** Secrets that the script needs, by the variable that has the value. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Whether the answer, its whole output, is right. */
  readonly right: (answer: string) => boolean;
  /** How long the answer may take to become right, in seconds. @default 60 */
  readonly withinSeconds?: number;
}

/** An image with the real program, below the tag that is declared. */
export interface RealImage {
  /** What it stands on. */
  readonly root: RootName;
  /** What differs from the sandbox's entry of the same reference. */
  readonly entry: Partial<ImageEntry>;
}

/** sandbox: the base of the sandbox's images; the others are made by roots/build.sh. */
export type RootName = "sandbox" | "debian" | "home-assistant" | "changedetection" | "glances";
