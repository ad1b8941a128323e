/**
 * The surface of a resource as text lines, so that what an npm package declares and what a plugin
 * serves can be compared and a difference reads as a diff: `in  ports?: list<ContainerPort>`.
 */

/** A type, reduced to what must agree. `object` names a nested type of the package. */
export type Shape =
  | { readonly kind: "scalar"; readonly name: string }
  | { readonly kind: "list" | "map"; readonly of: Shape }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "object"; readonly name: string; readonly fields: () => readonly Field[] };

/** A property, and whether it may be left out. */
export interface Field {
  readonly name: string;
  readonly optional: boolean;
  readonly shape: Shape;
}

/** A resource, provider or function. */
export interface Surface {
  /** Its type token, such as `docker:index/container:Container`. */
  readonly token: string;
  readonly inputs: readonly Field[];
  readonly outputs: readonly Field[];
  /** Properties that are always secret. */
  readonly secrets: readonly string[];
  /** Properties whose change replaces the resource. */
  readonly replacing: readonly string[];
}

/** All lines of a surface, nested types written out where they are used, in a stable order. */
export function lines(surface: Surface): string[] {
  return [
    ...surface.inputs.flatMap((field) => fieldLines("in ", field, [])),
    ...surface.outputs.flatMap((field) => fieldLines("out", field, [])),
    ...surface.secrets.map((name) => `secret ${name}`),
    ...surface.replacing.map((name) => `replaces ${name}`),
  ].sort();
}

function fieldLines(side: string, field: Field, parents: readonly string[]): string[] {
  const path = [...parents, field.name];
  const nested = objectIn(field.shape);
  return [
    `${side} ${path.join(".")}${field.optional ? "?" : ""}: ${text(field.shape)}`,
    ...(nested?.fields() ?? []).flatMap((child) => fieldLines(side, child, path)),
  ];
}

function objectIn(shape: Shape): Extract<Shape, { kind: "object" }> | undefined {
  if (shape.kind === "object") return shape;
  return shape.kind === "list" || shape.kind === "map" ? objectIn(shape.of) : undefined;
}

function text(shape: Shape): string {
  switch (shape.kind) {
    case "scalar":
    case "object":
      return shape.name;
    case "list":
    case "map":
      return `${shape.kind}<${text(shape.of)}>`;
    case "enum":
      return `enum<${[...shape.values].sort().join("|")}>`;
  }
}
