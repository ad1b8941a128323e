// Which room may import which: what rooms.json says, and three rules more.
const { readdirSync } = require("node:fs");
const { rooms, exceptions } = require("./rooms.json");

const DOMAIN = "components/<domain>";
const named = rooms.map(({ room }) => room);
const domains = readdirSync("components", { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `components/${name}`)
  .filter((room) => !named.includes(room));

/** A room is a folder or, with an ending, a file. */
const pathOf = (room) => (room.includes(".") ? `^${room.replaceAll(".", "\\.")}$` : `^${room}/`);

const rule = ({ room, imports, why }) => ({
  name: `${room.replaceAll("/", "-")}-imports`,
  severity: "error",
  comment: why,
  from: { path: pathOf(room) },
  to: {
    pathNot: [...[room, ...imports, ...(exceptions[room] ?? [])].map(pathOf), "node_modules"],
    dependencyTypesNot: ["core", "npm", "npm-dev", "unknown"],
  },
});

module.exports = {
  forbidden: [
    ...rooms.flatMap((room) =>
      room.room === DOMAIN ? domains.map((domain) => rule({ ...room, room: domain })) : rule(room),
    ),
    {
      name: "no-circular",
      severity: "error",
      comment: "A circle cannot be read from either end.",
      from: {},
      to: { circular: true },
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
      from: { path: "(\\.(plan|image)\\.ts$|^(model|hosts|household|workspace)/)" },
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
