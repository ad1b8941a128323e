import type { Field, Shape, Surface } from "./surface.ts";

/** The part of a Pulumi package schema that is compared. */
export interface PackageSchema {
  readonly version: string;
  readonly types?: Record<string, ObjectSchema>;
  readonly provider?: ResourceSchema;
  readonly resources?: Record<string, ResourceSchema>;
  readonly functions?: Record<
    string,
    { readonly inputs?: ObjectSchema; readonly outputs?: ObjectSchema }
  >;
}

interface ObjectSchema {
  readonly properties?: Record<string, PropertySchema>;
  readonly required?: readonly string[];
  readonly enum?: readonly { readonly value: string }[];
  /** Types made from a Terraform provider say here which outputs are always there. */
  readonly language?: { readonly nodejs?: { readonly requiredOutputs?: readonly string[] } };
}

interface ResourceSchema extends ObjectSchema {
  readonly inputProperties?: Record<string, PropertySchema>;
  readonly requiredInputs?: readonly string[];
}

interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
  readonly oneOf?: readonly PropertySchema[];
  readonly secret?: boolean;
  readonly replaceOnChanges?: boolean;
}

type Side = "in" | "out";

/** The resource, function or (by its package's name) provider with this token, as the plugin serves it. */
export function servedSurface(schema: PackageSchema, token: string): Surface | undefined {
  const call = schema.functions?.[token];
  if (call !== undefined) {
    return surface(schema, token, call.inputs ?? {}, call.outputs ?? {});
  }
  const resource = token.includes(":") ? schema.resources?.[token] : (schema.provider ?? {});
  if (resource === undefined) return undefined;
  const outputs = !token.includes(":") ? textOnly(resource) : resource;
  const inputs: ObjectSchema = {
    ...(resource.inputProperties && { properties: resource.inputProperties }),
    ...(resource.requiredInputs && { required: resource.requiredInputs }),
  };
  return surface(schema, token, inputs, outputs);
}

/** The Node SDK gives a provider only those outputs that are text: the engine passes no others on. */
function textOnly(provider: ResourceSchema): ResourceSchema {
  const texts = Object.entries(provider.properties ?? {}).filter(
    ([, { type }]) => type === "string",
  );
  return { ...provider, properties: Object.fromEntries(texts) };
}

function surface(
  schema: PackageSchema,
  token: string,
  inputs: ObjectSchema,
  outputs: ObjectSchema,
): Surface {
  const all = { ...inputs.properties, ...outputs.properties };
  const named = (test: (property: PropertySchema) => boolean | undefined): string[] =>
    Object.keys(all).filter((name) => {
      const sides = [inputs.properties?.[name], outputs.properties?.[name]];
      return sides.some((property) => property !== undefined && test(property) === true);
    });
  return {
    token,
    inputs: fields(schema, inputs, "in"),
    outputs: fields(schema, outputs, "out"),
    secrets: named((property) => property.secret),
    replacing: named((property) => property.replaceOnChanges),
  };
}

function fields(schema: PackageSchema, object: ObjectSchema, side: Side): Field[] {
  const fromNode = side === "out" ? object.language?.nodejs?.requiredOutputs : undefined;
  const required = new Set(fromNode ?? object.required ?? []);
  return Object.entries(object.properties ?? {}).map(([name, property]) => ({
    name,
    optional: !required.has(name),
    shape: shape(schema, property, side),
  }));
}

function shape(schema: PackageSchema, property: PropertySchema, side: Side): Shape {
  if (property.$ref !== undefined) return reference(schema, property.$ref, side);
  switch (property.type) {
    case "array":
      return { kind: "list", of: shape(schema, property.items ?? {}, side) };
    case "object":
      return { kind: "map", of: shape(schema, property.additionalProperties ?? {}, side) };
    case "integer":
      return { kind: "scalar", name: "number" };
    case undefined:
      return { kind: "scalar", name: "any" };
    default:
      return { kind: "scalar", name: property.type };
  }
}

function reference(schema: PackageSchema, ref: string, side: Side): Shape {
  if (ref.startsWith("pulumi.json#/")) {
    return { kind: "scalar", name: ref.slice("pulumi.json#/".length).toLowerCase() };
  }
  const token = decodeURIComponent(ref.replace("#/types/", ""));
  const type = schema.types?.[token];
  if (type === undefined) throw new Error(`the schema refers to ${ref}, which it does not hold`);
  if (type.enum !== undefined) return { kind: "enum", values: type.enum.map(({ value }) => value) };
  // Types of functions start with a small letter in a schema and a capital one in TypeScript.
  const name = token.slice(token.lastIndexOf(":") + 1).replace(/^g/, "G");
  return { kind: "object", name, fields: () => fields(schema, type, side) };
}
