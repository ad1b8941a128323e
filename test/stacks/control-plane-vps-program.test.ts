import { expect, it } from "vitest";
import { holdsSecret, namedBy, unpackedText } from "../support/stack-program.ts";
import { describeControlPlane } from "./describe-control-plane.ts";

const COMMAND = "command:local:Command";
const partOf = (name: string): string[] => [
  `docker:index/container:Container ${name}-container`,
  `${COMMAND} ${name}-files`,
  `${COMMAND} ${name}-gate`,
  `homelab:core:Service ${name}`,
];

describeControlPlane("vps", {
  made: [
    `${COMMAND} host-folders`,
    `${COMMAND} acting-files`,
    `${COMMAND} reporting-files`,
    "docker:index/network:Network control-plane-net-network",
    "homelab:core:SharedNetwork control-plane-net",
    "homelab:monitoring:ControlPlane control-plane-app",
    ...partOf("control-plane-observer"),
    ...partOf("control-plane-supervisor"),
    ...partOf("control-plane-executor"),
    ...partOf("control-plane-ui"),
  ],
  tests: (resource) => {
    it("makes its folders before the host plan, and so before every container", () => {
      expect(resource("host-plan").dependencies.map(namedBy)).toContain(`${COMMAND} host-folders`);
      expect(resource("host-folders").inputs["stdin"]).toContain(
        "folder '/opt/homelab/world' '1000:1000' '0750'",
      );
    });

    it("gives the page what a browser runs and who may log in, by a hash and never the password", () => {
      const { inputs } = resource("control-plane-ui-files");
      const script = String(inputs["stdin"]);
      expect(holdsSecret(script)).toBe(false);
      const packed = [...script.matchAll(/^[A-Za-z0-9+/]{16,}={0,2}$/gm)].map(([text]) =>
        unpackedText(Buffer.from(text, "base64")),
      );
      expect(packed).toContain("<!-- the page -->");
      expect(packed.join()).toContain('"hash": "$argon2id$v=19$');
      expect(script).toMatch(/users\.json' '1000:1000' '0400'/);
    });

    it("gives the Observer its program and no token of any host", () => {
      const script = String(resource("control-plane-observer-files").inputs["stdin"]);
      expect(holdsSecret(script)).toBe(false);
      const packed = [...script.matchAll(/^[A-Za-z0-9+/]{16,}={0,2}$/gm)].map(([text]) =>
        unpackedText(Buffer.from(text, "base64")),
      );
      expect(packed).toContain("// the observer");
      expect(packed.filter((text) => /^[0-9a-f]{64}\n$/.test(text))).toHaveLength(3);
    });
  },
});
