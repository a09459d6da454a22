import * as fc from "fast-check";

/** A JSON schema of the OpenAPI document. */
export type JsonSchema = Record<string, unknown>;

/**
 * Values that fit a JSON schema, as far as the OpenAPI document uses it. Text is often an example or something that a person
 * might send, so that requests get past the first check.
 */
export function fromSchema(
  schema: JsonSchema,
  components: Record<string, JsonSchema>,
): fc.Arbitrary<unknown> {
  const again = (inner: unknown) => fromSchema(inner as JsonSchema, components);
  const name = typeof schema["$ref"] === "string" ? schema["$ref"].split("/").at(-1) : undefined;
  if (name !== undefined) return again(components[name]);
  const members = (schema["oneOf"] ?? schema["anyOf"]) as unknown[] | undefined;
  if (members) return fc.oneof(...members.map(again));
  if (Array.isArray(schema["allOf"])) return fromSchema(mergedOf(schema, components), components);
  if ("const" in schema) return fc.constant(schema["const"]);
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(schema["enum"] as unknown[]));
  const types = [schema["type"]].flat();
  if (types.length > 1) return fc.oneof(...types.map((type) => again({ ...schema, type })));
  switch (types[0]) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return numbers(schema, types[0] === "integer");
    case "string":
      return strings(schema);
    case "array":
      return fc.array(again(schema["items"] ?? {}), {
        minLength: Number(schema["minItems"] ?? 0),
        maxLength: Math.min(Number(schema["maxItems"] ?? 4), Number(schema["minItems"] ?? 0) + 4),
      });
    case "object":
      return objects(schema, again);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function mergedOf(schema: JsonSchema, components: Record<string, JsonSchema>): JsonSchema {
  const { allOf, ...own } = schema;
  const parts = (allOf as JsonSchema[]).map((part) =>
    typeof part["$ref"] === "string" ? (components[part["$ref"].split("/").at(-1) ?? ""] ?? {}) : part,
  );
  return Object.assign({}, ...parts, own) as JsonSchema;
}

function numbers(schema: JsonSchema, isInteger: boolean): fc.Arbitrary<number> {
  const above = schema["exclusiveMinimum"] === undefined ? undefined : Number(schema["exclusiveMinimum"]) + 1;
  const min = Number(schema["minimum"] ?? above ?? -1_000_000);
  const max = Number(schema["maximum"] ?? 1_000_000);
  const [least, most] = [Math.max(min, -1e12), Math.min(max, 1e12)];
  const example = schema["example"];
  const free = isInteger
    ? fc.integer({ min: Math.max(least, -(2 ** 31)), max: Math.min(most, 2 ** 31 - 1) })
    : fc.double({ min: least, max: most, noNaN: true });
  return typeof example === "number" ? fc.oneof(fc.constant(example), free) : free;
}

function strings(schema: JsonSchema): fc.Arbitrary<string> {
  const { pattern, format, example } = schema;
  if (format === "date-time" || format === "date")
    return fc
      .date({ min: new Date("2026-01-01"), max: new Date("2028-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, format === "date" ? 10 : undefined));
  if (format === "uri") return fc.webUrl();
  if (typeof pattern === "string")
    return typeof example === "string"
      ? fc.oneof(fc.constant(example), fc.stringMatching(new RegExp(pattern)))
      : fc.stringMatching(new RegExp(pattern));
  const minLength = Number(schema["minLength"] ?? 0);
  const maxLength = Math.min(Number(schema["maxLength"] ?? 200), 200);
  const free = fc.string({ minLength, maxLength, unit: "grapheme" });
  return typeof example === "string" ? fc.oneof(fc.constant(example), free) : free;
}

/** In one case of four, else absent. */
export function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

function objects(schema: JsonSchema, again: (inner: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  const properties = Object.entries((schema["properties"] ?? {}) as JsonSchema);
  const required = (schema["required"] ?? []) as string[];
  const fields = fc
    .tuple(
      ...properties.map(([name, inner]) =>
        // Seldom what may be absent, so that most values have few reasons to be refused for.
        required.includes(name) ? again(inner) : seldom(again(inner)),
      ),
    )
    .map((values) =>
      Object.fromEntries(
        properties.flatMap(([name], index) => (values[index] === undefined ? [] : [[name, values[index]]])),
      ),
    );
  const others = schema["additionalProperties"];
  if (properties.length > 0 || typeof others !== "object") return fields;
  const names = schema["propertyNames"] as JsonSchema | undefined;
  const key = names ? (again(names) as fc.Arbitrary<string>) : fc.constantFrom("de", "ru", "en");
  return fc.dictionary(key, again(others), { maxKeys: 2, noNullPrototype: true });
}
