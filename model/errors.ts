import type { Problem } from "./problem.ts";

/**
 * A mistake that the person at the keyboard can mend: wrong input, missing file, unknown name.
 * Printed without a stack trace.
 */
export class UserError extends Error {
  override readonly name = "UserError";

  /**
   * @param code stable code from the error catalogue, e.g. "HL-SITE"
   * @param message what is wrong and where, then what to do; never a secret
   * @param mistakes each one that the message lists, for programs
   */
  constructor(
    readonly code: string,
    message: string,
    readonly mistakes: readonly Problem[] = [],
  ) {
    super(message);
  }
}

/** A command that failed on a host, or a host that could not be reached. */
export class HostError extends Error {
  override readonly name = "HostError";

  /**
   * @param code stable code from the error catalogue, e.g. "HL-UNREACHABLE"
   * @param host the host's ssh alias
   * @param message what failed there and what to do; never a secret
   * @param exitCode exit code of the command, undefined when it never ran
   */
  constructor(
    readonly code: string,
    readonly host: string,
    message: string,
    readonly exitCode?: number,
  ) {
    super(message);
  }
}
