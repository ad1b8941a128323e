import { defineConfig } from "vitest/config";

/** Tests on the sandbox's machines. */
const ON_MACHINES = {
  pool: "forks" as const,
  // One sandbox for all files: they take turns.
  fileParallelism: false,
  testTimeout: 600_000,
  hookTimeout: 1_800_000,
  globalSetup: ["test/e2e/support/sandbox-setup.ts"],
};

export default defineConfig({
  test: {
    // One core is left idle otherwise, which on two cores is half of them.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/soak/**"],
          globalSetup: ["test/support/temporary-folder.ts"],
          // Pulumi's mocks and caches live as long as the process.
          pool: "forks",
          // What hangs is found out; what is slow because the machine is busy is not a failure.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      { test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], ...ON_MACHINES } },
      // What takes too long for every change; `make soak` runs it.
      {
        test: {
          name: "soak",
          include: ["test/soak/**/*.test.ts"],
          exclude: ["test/soak/operator-ui/**"],
          ...ON_MACHINES,
        },
      },
      // Needs a Chromium, and no machine of the sandbox.
      {
        test: {
          name: "browser",
          include: ["test/soak/operator-ui/**/*.test.ts"],
          globalSetup: ["test/support/temporary-folder.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
