import { expect, it } from "vitest";
import { furtherSample, untilStable } from "../../../deploy/staged/verify.ts";
import { HostError } from "../../../model/errors.ts";

const interrupted = new AbortController().signal;
const run = { host: "vps" as const, failed: new Set<string>(), interrupted };

it("a further look that the host does not answer is taken again, as any look", async () => {
  let looks = 0;
  await untilStable(run, () =>
    furtherSample(["a", "b"], () => {
      looks += 1;
      if (looks > 1) return Promise.resolve({ troubles: new Map(), isFinal: false });
      return Promise.reject(new HostError("HL-UNREACHABLE", "vps", "away"));
    }),
  );
  expect(looks).toBe(4);
  expect(run.failed.size).toBe(0);
}, 60_000);

it("a further look whose finding no later one would mend is not taken again", async () => {
  let looks = 0;
  const failed = new Set<string>();
  const final = untilStable({ ...run, failed }, () =>
    furtherSample(["a", "b"], () => {
      looks += 1;
      return Promise.resolve({ troubles: new Map([["a", "is another"]]), isFinal: true });
    }),
  );
  await expect(final).rejects.toThrow("a is another");
  expect(looks).toBe(1);
  expect([...failed]).toEqual(["a"]);
});

it("a further look that the host does not answer is trouble with each service", async () => {
  const away = new HostError("HL-UNREACHABLE", "vps", "away");
  const { troubles } = await furtherSample(["a", "b"], () => Promise.reject(away));
  expect([...troubles.keys()]).toEqual(["a", "b"]);
  expect(troubles.get("a")).toBe(away.message);
});

it("a mistake in the program is none of the host's", async () => {
  const look = () => Promise.reject(new TypeError("no"));
  await expect(furtherSample(["a"], look)).rejects.toThrow(TypeError);
});
