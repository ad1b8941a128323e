import { DEFAULT_LIMITS } from "../../model/host-plan.ts";
import { toSeconds, type Duration } from "../../model/units.ts";
import { hasSecret } from "../secrets/vault.ts";
import { noted, type Printable } from "../write/code.ts";
import type { ComposeService } from "../resolve/project.ts";
import type { Context } from "./context.ts";
import type { TranslatedImage } from "./image.ts";

/** A deployment gives a service this long, unless its declaration says another. */
const DEADLINE_SECONDS = toSeconds(DEFAULT_LIMITS.deadline);

/** The check of a service. Who waits for it here always waits until it is healthy. */
export function translateHealth(
  service: ComposeService,
  image: TranslatedImage,
  context: Context,
): Printable {
  const { healthcheck } = service.fields;
  const isOff = healthcheck?.disable === true || healthcheck?.test?.[0] === "NONE";
  if (healthcheck?.test && !isOff) {
    return {
      test: testOf(service, healthcheck.test, context),
      interval: healthcheck.interval,
      timeout: healthcheck.timeout,
      retries: healthcheck.retries,
      startPeriod: healthcheck.start_period,
      deadline: deadlineOf(healthcheck),
    };
  }
  const known = image.known?.check?.(service.environment);
  if (known) {
    context.findings.assumed(
      service.place(healthcheck ? "healthcheck" : "image"),
      `a check with the image's own program: ${known.slice(1).join(" ")}`,
    );
    return { test: known };
  }
  const port = service.fields.ports?.[0]?.container ?? service.fields.expose?.[0];
  const example =
    port === undefined
      ? ""
      : `, e.g. ["CMD", "wget", "-q", "--spider", "http://127.0.0.1:${port}/"] where it has wget`;
  return {
    test: noted(
      [
        context.findings.decide(
          service.place(healthcheck ? "healthcheck" : "image"),
          `how the engine finds out whether "${service.name}" works: a check with a program of its image${example}`,
        ),
      ],
      [],
    ),
  };
}

function testOf(service: ComposeService, test: readonly string[], context: Context): Printable {
  const { vault, findings } = context;
  const form = ["CMD", "CMD-SHELL"].includes(test[0] ?? "") ? test : ["CMD", ...test];
  if (!form.some(hasSecret)) return form;
  return noted(
    [
      findings.decide(
        service.place("healthcheck"),
        `a check without a secret in its words, or one that reads it from a file: every process list shows it`,
      ),
    ],
    form.map((word) => vault.templateOf(word)),
  );
}

/** Longer than usual where the check itself may take that long before it counts. */
function deadlineOf(check: {
  interval?: Duration | undefined;
  retries?: number | undefined;
  start_period?: Duration | undefined;
}): Duration | undefined {
  const start = toSeconds(check.start_period ?? "30s");
  const seconds = start + toSeconds(check.interval ?? "30s") * ((check.retries ?? 3) + 1);
  return start >= DEADLINE_SECONDS / 2 && seconds > DEADLINE_SECONDS
    ? `${Math.ceil(seconds / 60)}m`
    : undefined;
}
