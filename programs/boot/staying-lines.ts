import type { ServiceState } from "./boot-state.ts";
import type { Level, Line } from "./line.ts";

/** What deserves a line once the boot is over; undefined where nothing does. */
export function lineAfterBoot(name: string, was: ServiceState, is: ServiceState): Line | undefined {
  const say = (level: Level, event: string, text: string, fields: object = {}): Line => ({
    level,
    text: `${name}: ${text}`,
    fields: { event, service: name, ...fields },
  });
  const turned = was.at !== is.at;
  // Taken as it was found: nothing happened to it.
  if (was.at === "unseen" && is.at !== "failed") return undefined;
  // It may go from one to the next and on to its start in one step.
  if (was.at === "held" && (is.at === "waiting" || (is.at === "starting" && !is.up))) {
    const text = `${was.by} is no longer in its way; it starts when all it needs is there`;
    return say("info", "released", text);
  }
  switch (is.at) {
    case "healthy":
      return turned ? say("info", "healthy", "healthy") : undefined;
    case "completed":
      return turned ? say("info", "completed", "ran to its end") : undefined;
    case "crashed":
      return say("warning", "crash", "ended by itself, which nobody asked for; starting it again");
    case "starting":
      if (is.crashes === 0 || (was.at === "starting" && was.crashes === is.crashes))
        return undefined;
      return say("warning", "crash", `crashed (${is.crashes}); the engine starts it again`);
    case "stopping":
      return say(
        "warning",
        "stop",
        "does not see what is mounted for it, or needs one who does not; stopping it, and starting it again",
      );
    case "held":
      return say("error", "held", `not started, because it cannot run without ${is.by}`, {
        by: is.by,
      });
    case "failed":
      if (was.at === "failed" && was.reason === is.reason) return undefined;
      return say(
        "error",
        "failed",
        `failed: ${is.reason}${is.retryAt === undefined ? "" : "; it is tried again"}`,
        { reason: is.reason },
      );
    case "stopped":
      if (was.at === "stopped" && was.removed === is.removed) return undefined;
      return is.removed
        ? say("info", "removed", "its container was removed")
        : say("info", "stopped", "was stopped by somebody, and stays so until it is started");
    case "waiting":
    case "unseen":
    case "running":
    case "doomed":
      return undefined;
  }
}
