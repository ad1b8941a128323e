// Which folder may import which. One rule per row of docs/architecture.md.
const only = (name, from, allowed, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from },
  to: { pathNot: [...allowed, "node_modules"], dependencyTypesNot: ["core", "npm", "npm-dev"] },
});

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      comment: "A circle cannot be read from either end.",
      from: {},
      to: { circular: true },
    },
    only(
      "model-imports-nothing",
      "^model/",
      ["^model/"],
      "The model is plain data and pure functions.",
    ),
    only(
      "core-imports-model",
      "^components/core/",
      ["^components/core/", "^hosts/", "^model/"],
      "Building blocks know no app.",
    ),
    only(
      "components-import-core-and-model",
      "^components/",
      ["^components/", "^hosts/", "^model/"],
      "Apps know building blocks and the model.",
    ),
    only(
      "stacks-import-components",
      "^stacks/",
      ["^stacks/", "^components/", "^hosts/", "^model/", "^programs/"],
      "A stack puts components together, and hands the programs to the host.",
    ),
    only(
      "sandbox-imports-model",
      "^sandbox/",
      ["^sandbox/", "^hosts/", "^model/"],
      "The sandbox supplies hosts and images; it knows no component.",
    ),
    only(
      "boot-imports-model",
      "^programs/",
      ["^programs/", "^model/"],
      "It runs on a host, without this program.",
    ),
    only(
      "uptime-imports-model",
      "^programs/uptime/",
      ["^programs/uptime/", "^model/"],
      "It runs on a host, without this program.",
    ),
    {
      name: "no-component-knows-the-sandbox",
      severity: "error",
      comment: "What runs in the sandbox is what runs at home.",
      from: { path: "^(components|stacks|model|index)" },
      to: { path: "^sandbox/" },
    },
    {
      name: "nothing-imports-tests",
      severity: "error",
      comment: "Tests are for testing.",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    {
      name: "plans-without-pulumi",
      severity: "error",
      comment: "A declaration, or a contract, is readable by every tool without Pulumi.",
      from: { path: "(\\.(plan|image)\\.ts$|^model/)" },
      to: { path: "node_modules/@pulumi" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    moduleSystems: ["es6"],
  },
};
