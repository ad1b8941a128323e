import { describe, expect, it } from "vitest";
import { expectMachine, parseAnswer } from "../../../components/machine/machine-access.ts";
import { HostError } from "../../../model/errors.ts";

const machine = { name: "vps", ipv4: "203.0.113.5", ipv6: "2001:db8::1" };

function errorOf(answer: Parameters<typeof expectMachine>[2]): HostError {
  try {
    expectMachine("vps", machine, answer);
  } catch (error) {
    if (error instanceof HostError) return error;
  }
  throw new Error("the machine was accepted");
}

describe("the ssh alias of a rented machine", () => {
  it("is right when it leads to the machine's address and the first boot is over", () => {
    const answer = parseAnswer("addresses 203.0.113.5 100.64.0.1 2001:db8::1 \nfirst-boot 0\n");
    expect(() => expectMachine("vps", machine, answer)).not.toThrow();
  });

  it("is right when cloud-init made something good by itself", () => {
    const answer = parseAnswer("addresses 203.0.113.5\nfirst-boot 2\n");
    expect(() => expectMachine("vps", machine, answer)).not.toThrow();
  });

  it("that reaches nobody is told the address, how to trust it, and ssh's own words", () => {
    const error = errorOf({ unreachable: "ssh: Could not resolve hostname vps" });
    expect(error).toMatchObject({ code: "HL-MACHINE-AWAITED", host: "vps" });
    expect(error.message).toContain("HostName 203.0.113.5");
    expect(error.message).toContain("2001:db8::1");
    expect(error.message).toContain("ssh-keyscan -t ed25519 203.0.113.5");
    expect(error.message).toContain("Could not resolve hostname vps");
  });

  it("that leads to another machine is told so, before anything is changed there", () => {
    const error = errorOf(parseAnswer("addresses 198.51.100.9 10.0.0.1\nfirst-boot 0\n"));
    expect(error.code).toBe("HL-MACHINE-OTHER");
    expect(error.message).toContain("198.51.100.9, 10.0.0.1");
    expect(error.message).toContain("nothing was changed");
  });

  it.each(["1", "124"])("waits in vain for a first boot that ends with %s, and says so", (code) => {
    const error = errorOf(parseAnswer(`addresses 203.0.113.5\nfirst-boot ${code}\n`));
    expect(error.code).toBe("HL-MACHINE-SETUP");
    expect(error.message).toContain("cloud-init status --long");
  });
});
