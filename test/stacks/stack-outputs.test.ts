import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { stackOutputs, type StackOutputs } from "../../stacks/stack-outputs.ts";

const asked: string[] = [];
let outputs: StackOutputs;

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ inputs }) => {
        const { name } = inputs as { name: string };
        asked.push(name);
        return {
          id: name,
          state: { ...(inputs as object), outputs: { meshAddress: "100.64.0.1" } },
        };
      },
      call: () => ({}),
    },
    "homelab",
    "nas",
    false,
    "a-household",
  );
  outputs = stackOutputs();
});

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

describe("outputs of another stack", () => {
  it("are asked for in the organization that this stack belongs to, whatever it is called", async () => {
    expect(await valueOf(outputs.outputIfAny("vps", "meshAddress"))).toBe("100.64.0.1");
    expect(asked).toEqual(["a-household/homelab/vps"]);
  });

  it("are asked for once for each stack, and are undefined where it was not deployed", async () => {
    expect(await valueOf(outputs.outputIfAny("vps", "never"))).toBeUndefined();
    expect(asked).toHaveLength(1);
  });
});
