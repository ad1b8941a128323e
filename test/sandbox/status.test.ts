import { expect, it } from "vitest";
import { countContainers, statusText } from "../../sandbox/status.ts";

const LINES = [
  "caddy\trunning\tUp 2 minutes (healthy)",
  "cadvisor\trunning\tUp 2 minutes",
  "immich-db\trunning\tUp 2 minutes (unhealthy)",
  "frigate\trunning\tUp 1 second (health: starting)",
  "sonarr\texited\tExited (1) 3 seconds ago",
];

it("counts containers, and names those that are not well", () => {
  expect(countContainers(LINES)).toEqual({
    total: 5,
    running: 4,
    healthy: 1,
    troubled: ["immich-db", "frigate", "sonarr"],
  });
});

it("says of a machine that cannot be asked why not", () => {
  const machine = { system: undefined, engine: undefined, containers: undefined };
  const text = statusText({
    folder: "/s",
    exists: true,
    supervisor: true,
    registry: false,
    machines: [
      { ...machine, machine: "vps", address: "198.18.77.11", on: false, link: "connected" },
      { ...machine, machine: "nas", address: "198.18.77.12", on: true, link: "cut" },
    ],
  });
  expect(text).toMatch(/vps .* off/);
  expect(text).toMatch(/nas .* cable cut/);
  expect(text).toContain("registry    does not answer");
});
