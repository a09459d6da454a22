#!/usr/bin/env bash
# A field that is "a named schema or null" is described as one that null never fits.
#
# Expected: Person.nullable(), of a schema that is a component already, is "Person or null" in the OpenAPI 3.1 document.
# Instead: it becomes allOf of Person and of "object or null", and Person takes objects only. Clients that check answers, or are
#   generated, refuse the null that zod itself accepts. z.union([Person, z.null()]) is described as it is.
# Seen with @hono/zod-openapi 1.6.3 (@asteasolutions/zod-to-openapi 9.1.0), zod 4.6.7, hono 4.13.19, ajv 8.20.0; no network.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error @hono/zod-openapi@1.6.3 @asteasolutions/zod-to-openapi@9.1.0 zod@4.6.7 \
  hono@4.13.19 ajv@8.20.0 >/dev/null 2>&1
cat >probe.mjs <<'JS'
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { createRequire } from "node:module";
const { default: Ajv } = createRequire(import.meta.url)("ajv/dist/2020");
const Person = z.object({ id: z.int() }).openapi("Person");
const nullable = z.object({ person: Person.nullable() });
const union = z.object({ person: z.union([Person, z.null()]) });
const app = new OpenAPIHono();
const schemas = { Person, Nullable: nullable, Union: union };
for (const [name, schema] of Object.entries(schemas)) app.openAPIRegistry.register(name, schema);
const document = app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "Probe", version: "1" } });
const ajv = new Ajv({ strict: false });
ajv.addSchema(document, "document");
const seen = Object.entries(schemas).slice(1).map(([name, schema]) => {
  const validate = ajv.compile({ $ref: `document#/components/schemas/${name}` });
  return [name, schema.safeParse({ person: null }).success, validate({ person: null })];
});
for (const [name, zod, described] of seen)
  console.log(`${name}: ${JSON.stringify(document.components.schemas[name].properties.person)}
  null for zod: ${zod}, for the document: ${described}`);
process.exit(JSON.stringify(seen.map(([, zod, described]) => [zod, described])) === "[[true,false],[true,true]]" ? 0 : 1);
JS
node probe.mjs
