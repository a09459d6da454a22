import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { JsonSchema } from "./from-schema.ts";

/** One operation of the OpenAPI document. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  parameters: { name: string; in: string; required?: boolean; schema: JsonSchema }[];
  /** Schemas by content type; empty without a body. */
  body: Record<string, JsonSchema>;
  /** By status, schemas by content type. */
  responses: Record<string, Record<string, JsonSchema>>;
  isOpen: boolean;
}

export interface OpenApiDocument {
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, JsonSchema> };
}

interface RawOperation {
  operationId?: string;
  parameters?: Operation["parameters"];
  requestBody?: { content: Record<string, { schema?: JsonSchema }> };
  responses: Record<string, { content?: Record<string, { schema?: JsonSchema }> }>;
  security?: unknown[];
}

export function operationsOf({ paths }: OpenApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => ({
      id: raw.operationId ?? "",
      method: method.toUpperCase(),
      path,
      parameters: raw.parameters ?? [],
      body: schemasIn(raw.requestBody?.content),
      responses: Object.fromEntries(
        Object.entries(raw.responses).map(([status, { content }]) => [status, schemasIn(content)]),
      ),
      isOpen: raw.security?.length === 0,
    })),
  );
}

function schemasIn(content: Record<string, { schema?: JsonSchema }> = {}): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, schema ?? {}]));
}

/** Says what is wrong with a value by a schema of the document; null if it fits. */
export type Judge = (schema: JsonSchema, value: unknown) => string | null;

export function judgeBy(document: OpenApiDocument): Judge {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "openapi");
  const known = new Map<JsonSchema, ReturnType<Ajv2020["compile"]>>();
  return (schema, value) => {
    const check = known.get(schema) ?? ajv.compile(absolute(schema) as object);
    known.set(schema, check);
    return check(value) ? null : ajv.errorsText(check.errors);
  };
}

/** References into the document, from outside of it. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === "$ref" && typeof inner === "string" ? `openapi${inner}` : absolute(inner),
    ]),
  );
}
