import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyCheckout, type CheckoutCopy } from "../support/checkout-copy.ts";
import { deployedAfterwards } from "../support/deployed-afterwards.ts";
import { containers, on, openLab, up, type Ended, type Lab } from "../support/lab.ts";
import { whyOf } from "../support/why.ts";

const PLAN = "components/documents/paperless.plan.ts";
const WORKING = "tasks.service,";

/** The engine gives up after two tries, a second apart. */
const SOON_UNHEALTHY = `{ ...tasks.service, health: {
      test: ["CMD-SHELL", "echo no answer from redis; exit 1"],
      interval: "1s",
      retries: 2,
      startPeriod: "1s",
      deadline: "2m",
    } },`;

/** The engine would wait for an hour; the gate does not. */
const NEVER_HEALTHY = `{ ...tasks.service, health: {
      test: ["CMD-SHELL", "echo still loading; exit 1"],
      startPeriod: "1h",
      deadline: "12s",
    } },`;

let lab: Lab;
let copy: CheckoutCopy;
const host = deployedAfterwards(() => lab, "docker-vm");

beforeAll(async () => {
  lab = await openLab();
  copy = await copyCheckout(lab);
});

afterAll(() => copy.remove());

function deploy(): Promise<Ended> {
  return up(lab, "docker-vm", [], copy.env);
}

/** Which of Redis' dependents and of the services beside it exist. */
async function present(): Promise<{ dependent: boolean; others: number }> {
  const names = await containers(lab, "docker-vm");
  const healthy = [...names].filter(([, status]) => status.includes("(healthy)"));
  return { dependent: names.has("paperless-ngx"), others: healthy.length };
}

describe("a health check that fails", () => {
  it("stops up at once, names the service and its last output, and starts no dependent", async () => {
    await copy.replace(PLAN, WORKING, SOON_UNHEALTHY);
    await on(lab, "docker-vm", "docker rm --force paperless-ngx");
    const failed = await deploy();
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain("paperless-redis on docker-vm is unhealthy");
    expect(failed.output).toContain("no answer from redis");
    const { dependent, others } = await present();
    expect(dependent).toBe(false);
    // Whatever does not need it goes on as before.
    expect(others).toBe(34);
  });

  it("is the cause that homelab why names for the dependent, with the check's last output", async () => {
    const { code, answer } = await whyOf(lab, "paperless-ngx");
    expect(code, answer.sentence).toBe(2);
    expect(answer.verdict).toBe("down");
    expect(answer.causes).toMatchObject([
      { id: "docker-vm/paperless-redis", state: "unhealthy", output: "no answer from redis" },
    ]);
  });

  it("holds back, by homelab why of the service itself, its dependent", async () => {
    const { answer } = await whyOf(lab, "paperless-redis");
    expect(answer.next).toBe("ssh docker-vm docker logs --tail 50 paperless-redis");
    expect(answer.holdsBack).toContainEqual({ id: "docker-vm/paperless-ngx", state: "missing" });
  });

  it("is not remembered as passed: up without a mend fails in the same way", async () => {
    const again = await deploy();
    expect(again.code).not.toBe(0);
    expect(again.output).toContain("paperless-redis on docker-vm is unhealthy");
    expect((await present()).dependent).toBe(false);
  });

  it("that never passes stops up when the service's deadline is over", async () => {
    await copy.replace(PLAN, SOON_UNHEALTHY, NEVER_HEALTHY);
    const failed = await deploy();
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain("paperless-redis on docker-vm was not healthy within 12 s");
    expect(failed.output).toContain("still loading");
    expect((await present()).dependent).toBe(false);
  });

  it("holds nothing back once it is mended", async () => {
    await copy.replace(PLAN, NEVER_HEALTHY, WORKING);
    const mended = await deploy();
    expect(mended.code, mended.output).toBe(0);
    expect(await present()).toEqual({ dependent: true, others: 36 });
    host.isAsDeclared();
  });
});
