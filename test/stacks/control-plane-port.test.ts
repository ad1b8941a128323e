import { describe, expect, it } from "vitest";
import { EMPTY_OBSERVATION } from "../../hosts/observation.ts";
import { expectPortIsFree } from "../../stacks/control-plane.ts";
import { site } from "../support/site.ts";

const seen = (labelled: boolean) => ({
  ...EMPTY_OBSERVATION,
  containers: { "control-plane-ui": { id: "1", labelled, spec: "" } },
});

describe("the port that ntfy and the page of the control plane both have on the loopback", () => {
  it("is not given back to ntfy while the page is there, and the message has the command", () => {
    expect(() => expectPortIsFree({ site, observation: seen(true) })).toThrow(
      /Nothing was changed\..*ssh vps docker rm --force control-plane-ui/,
    );
  });

  it("is the page's while the control plane is on, and free where no page of ours is", () => {
    const on = { ...site, controlPlane: { keepDays: 30, signers: [] } };
    expect(() => expectPortIsFree({ site: on, observation: seen(true) })).not.toThrow();
    expect(() => expectPortIsFree({ site, observation: seen(false) })).not.toThrow();
    expect(() => expectPortIsFree({ site, observation: EMPTY_OBSERVATION })).not.toThrow();
  });
});
