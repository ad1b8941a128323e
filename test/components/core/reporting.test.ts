import { describe, expect, it } from "vitest";
import { reportingFiles } from "../../../components/core/reporting.ts";

const [settings, token] = reportingFiles("nas", { url: "http://100.64.0.1:8081" }, "t0ken");

describe("what tells the boot program where it says what it sees", () => {
  it("is a file that everybody may read and that holds no token, beside one that is root's alone", () => {
    expect(settings).toMatchObject({
      path: "/etc/homelab/observer.json",
      owner: "0:0",
      mode: "0644",
    });
    expect(settings?.content).not.toContain("t0ken");
    expect(token).toEqual({
      path: "/etc/homelab/observer-token",
      content: "t0ken\n",
      owner: "0:0",
      mode: "0600",
    });
  });

  it("names the host, the address without a path, and the file of the token", () => {
    expect(JSON.parse(settings?.content ?? "")).toEqual({
      version: 1,
      host: "nas",
      url: "http://100.64.0.1:8081",
      tokenFile: "/etc/homelab/observer-token",
    });
  });
});
