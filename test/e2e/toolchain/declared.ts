import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import type { Field, Shape, Surface } from "./surface.ts";

/**
 * What an npm package of a Pulumi provider declares, read from its .d.ts files with the TypeScript
 * parser: every resource, the provider, and every function, as users of the package see them.
 */
export function declaredSurfaces(packageFolder: string): Surface[] {
  const types = new NestedTypes(packageFolder);
  return declarationFiles(packageFolder).flatMap((path) => {
    const file = parse(path);
    const script = readFileSync(path.replace(/\.d\.ts$/, ".js"), "utf8");
    return [...resources(file, script, types), ...functions(file, script, types)];
  });
}

function declarationFiles(folder: string): string[] {
  const skipped = ["types", "config", "node_modules"];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.includes(entry.name) ? [] : declarationFiles(path);
    const plain = !["index.d.ts", "utilities.d.ts"].includes(entry.name);
    return entry.name.endsWith(".d.ts") && plain ? [path] : [];
  });
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

function resources(file: ts.SourceFile, script: string, types: NestedTypes): Surface[] {
  return file.statements.filter(ts.isClassDeclaration).flatMap((declaration) => {
    const base = declaration.heritageClauses?.[0]?.types[0]?.expression.getText() ?? "";
    const token = /__pulumiType = ['"](.+?)['"]/.exec(script)?.[1];
    if (!/\b(Custom|Provider)Resource$/.test(base) || token === undefined) return [];
    const inputs = interfaceNamed(file, `${declaration.name?.text}Args`);
    const outputs = declaration.members
      .filter(ts.isPropertyDeclaration)
      .filter((member) => member.modifiers?.every((m) => m.kind !== ts.SyntaxKind.StaticKeyword));
    return {
      token,
      inputs: inputs === undefined ? [] : inputs.members.flatMap((m) => field(m, "input", types)),
      outputs: outputs.flatMap((member) => field(member, "output", types)),
      secrets: namesIn(script, "additionalSecretOutputs"),
      replacing: namesIn(script, "replaceOnChanges").map((path) => path.replace("[*]", "")),
    };
  });
}

function functions(file: ts.SourceFile, script: string, types: NestedTypes): Surface[] {
  return file.statements.filter(ts.isFunctionDeclaration).flatMap((declaration) => {
    const name = declaration.name?.text ?? "";
    const result = interfaceNamed(file, `${name.charAt(0).toUpperCase()}${name.slice(1)}Result`);
    const token = /\.invoke(?:Async)?\(['"](.+?)['"]/.exec(script)?.[1];
    if (result === undefined || token === undefined) return [];
    const args = interfaceNamed(file, `${name.charAt(0).toUpperCase()}${name.slice(1)}Args`);
    return {
      token,
      inputs: args === undefined ? [] : args.members.flatMap((m) => field(m, "input", types)),
      outputs: result.members.flatMap((member) => field(member, "output", types)),
      secrets: [],
      replacing: [],
    };
  });
}

/** The list in `name: ["a", "b"]` of the package's script; this is where the SDK keeps such lists. */
function namesIn(script: string, name: string): string[] {
  const list = new RegExp(`\\b${name}: \\[(.*?)\\]\\s*}`, "s").exec(script)?.[1] ?? "";
  return [...list.matchAll(/["'](.+?)["']/g)].map((match) => match[1] ?? "");
}

function interfaceNamed(file: ts.SourceFile, name: string): ts.InterfaceDeclaration | undefined {
  return file.statements.filter(ts.isInterfaceDeclaration).find((node) => node.name.text === name);
}

type Side = "input" | "output";

function field(member: ts.TypeElement | ts.ClassElement, side: Side, types: NestedTypes): Field[] {
  if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) return [];
  if (member.type === undefined) return [];
  const { node, undefinable } = unwrap(member.type);
  return [
    {
      name: member.name.getText(),
      optional: member.questionToken !== undefined || undefinable,
      shape: shape(node, side, types),
    },
  ];
}

/** Takes Input<>, Output<>, `| undefined` and parentheses off a type. */
function unwrap(node: ts.TypeNode): { node: ts.TypeNode; undefinable: boolean } {
  if (ts.isParenthesizedTypeNode(node)) return unwrap(node.type);
  if (ts.isUnionTypeNode(node)) {
    const rest = node.types.filter((type) => type.kind !== ts.SyntaxKind.UndefinedKeyword);
    const only = rest.length === 1 ? rest[0] : undefined;
    return only === undefined
      ? { node, undefinable: rest.length < node.types.length }
      : { node: unwrap(only).node, undefinable: true };
  }
  if (ts.isTypeReferenceNode(node) && /^pulumi\.(In|Out)put$/.test(node.typeName.getText())) {
    const inner = node.typeArguments?.[0];
    if (inner !== undefined) return unwrap(inner);
  }
  return { node, undefinable: false };
}

function shape(wrapped: ts.TypeNode, side: Side, types: NestedTypes): Shape {
  const { node } = unwrap(wrapped);
  if (ts.isArrayTypeNode(node)) return { kind: "list", of: shape(node.elementType, side, types) };
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    if (index !== undefined) return { kind: "map", of: shape(index.type, side, types) };
  }
  if (ts.isUnionTypeNode(node)) {
    const names = node.types.map((type) => type.getText()).filter((name) => name !== "undefined");
    // The one union the SDK writes for a single schema type.
    const asset = names.every((name) => /^pulumi\.asset\.(Asset|Archive)$/.test(name));
    return { kind: "scalar", name: asset ? "asset" : names.join(" | ") };
  }
  if (ts.isTypeReferenceNode(node)) return types.named(node.typeName.getText(), side);
  return { kind: "scalar", name: node.getText() };
}

/** The nested types of a package: `inputs.`, `outputs.` and `enums.`, each below its modules' names. */
class NestedTypes {
  readonly #inputs: ts.SourceFile;
  readonly #outputs: ts.SourceFile;

  constructor(readonly packageFolder: string) {
    this.#inputs = parse(join(packageFolder, "types/input.d.ts"));
    this.#outputs = parse(join(packageFolder, "types/output.d.ts"));
  }

  /** The shape of a type named in a declaration, such as `inputs.remote.ConnectionArgs`. */
  named(reference: string, side: Side): Shape {
    const builtin = /^pulumi\.asset\.(Asset|Archive)$/.exec(reference)?.[1];
    if (builtin !== undefined) return { kind: "scalar", name: builtin.toLowerCase() };
    const [root, ...path] = reference.split(".");
    const name = path.at(-1) ?? reference;
    if (root === "enums") return this.#enumNamed(path.slice(0, -1), name);
    if (root !== "inputs" && root !== "outputs") {
      throw new Error(
        `${relative(".", this.packageFolder)} declares a type this test does not know: ${reference}`,
      );
    }
    let statements = (root === "inputs" ? this.#inputs : this.#outputs).statements;
    for (const module of path.slice(0, -1)) {
      const found = statements
        .filter(ts.isModuleDeclaration)
        .find((node) => node.name.text === module);
      if (found?.body === undefined || !ts.isModuleBlock(found.body))
        throw new Error(`no module ${module}`);
      statements = found.body.statements;
    }
    const declaration = statements
      .filter(ts.isInterfaceDeclaration)
      .find((node) => node.name.text === name);
    if (declaration === undefined) throw new Error(`no declaration of ${reference}`);
    return {
      kind: "object",
      name: name.replace(/Args$/, ""),
      fields: () => declaration.members.flatMap((member) => field(member, side, this)),
    };
  }

  #enumNamed(modules: readonly string[], name: string): Shape {
    const path = join(this.packageFolder, "types/enums", ...modules, "index.d.ts");
    if (!existsSync(path)) throw new Error(`no enums in ${dirname(path)}`);
    const source = readFileSync(path, "utf8");
    const body = new RegExp(`const ${name}: \\{(.*?)\\n\\};`, "s").exec(source)?.[1] ?? "";
    return {
      kind: "enum",
      values: [...body.matchAll(/readonly \w+: "(.+?)";/g)].map((m) => m[1] ?? ""),
    };
  }
}
