import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { STYLE } from "./docs-style.ts";

/*
 * The OpenAPI document as a page, without any script. Of the usual renderers (November 2026), swagger-ui-dist and Stoplight
 * bring telemetry, Redoc 3 needs Node 22, and Scalar brings all of Vue.
 */

type Markup = ReturnType<typeof html>;
type Node = Record<string, unknown>;

/** The page, and the headers that keep anything else out of it. */
export async function docsPage(document: object): Promise<{ body: string; headers: Record<string, string> }> {
  const { info, paths, components } = document as {
    info: { title: string; version: string; description: string };
    paths: Record<string, Record<string, Node>>;
    components: { schemas: Record<string, Node> };
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(tagOf))];
  const of = (tag: string) => operations.filter((operation) => tagOf(operation) === tag);
  const body = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${info.title}: HTTP API</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <h1>${info.title} <span class="faint">${info.version}</span></h1>
        <p>${marked(info.description)}</p>
        <p><a href="/v1/openapi.json">The OpenAPI document</a></p>
        <nav>
          ${tags.map(
            (tag) =>
              html`<h2>${tag}</h2>
                <ul>
                  ${of(tag).map(
                    ({ operation }) =>
                      html`<li>
                        <a href="#${text(operation["operationId"])}">${text(operation["summary"])}</a>
                      </li>`,
                  )}
                </ul>`,
          )}
        </nav>
        ${tags.map(
          (tag) =>
            html`<h2>${tag}</h2>
              ${of(tag).map(operationSection)}`,
        )}
        <h2>Schemas</h2>
        ${Object.entries(components.schemas).map(
          ([name, schema]) =>
            html`<h3 id="schema-${name}">${name}</h3>
              ${schemaBlock(schema)}`,
        )}
      </body>
    </html>`;
  const page = String(body);
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  return {
    body: page,
    headers: {
      "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
      "x-content-type-options": "nosniff",
    },
  };
}

function tagOf({ operation }: Operation): string {
  return String([operation["tags"]].flat()[0]);
}

interface Operation {
  path: string;
  method: string;
  operation: Node;
}

function operationSection({ path, method, operation }: Operation): Markup {
  const parameters = list(operation["parameters"]);
  const requests = Object.entries(node(node(operation["requestBody"])["content"]));
  const responses = Object.entries(node(operation["responses"]));
  return html`<section id="${text(operation["operationId"])}">
    <h3><span class="method">${method.toUpperCase()}</span> <code>${path}</code></h3>
    <p>${text(operation["summary"])}. ${marked(text(operation["description"]))}</p>
    ${
      parameters.length === 0
        ? ""
        : html`<dl>
            ${parameters.map(
              (parameter) =>
                html`<dt><code>${text(parameter["name"])}</code>${needed(parameter["required"] === true)}</dt>
                  <dd>
                    ${typeOf(node(parameter["schema"]))} ${aside(parameter, node(parameter["schema"]))}
                  </dd>`,
            )}
          </dl>`
    }
    ${requests.map(
      ([type, content]) => html`<p>Body: <code>${type}</code> ${typeOf(node(node(content)["schema"]))}</p>`,
    )}
    <dl>
      ${responses.map(([status, response]) => {
        const contents = Object.entries(node(node(response)["content"]));
        return html`<dt><code>${status}</code></dt>
          <dd>
            ${text(node(response)["description"])}
            ${contents.map(([type, content]) => html` ${typeOf(node(node(content)["schema"]))} <span class="faint">${type}</span>`)}
          </dd>`;
      })}
    </dl>
  </section>`;
}

/** What a schema consists of: its fields, or the members of a union. */
function schemaBlock(schema: Node): Markup {
  const members = list(schema["oneOf"] ?? schema["anyOf"]);
  if (members.length > 0)
    return html`<p>One of:</p>
      <ul>
        ${members.map((member) => {
          const kind = constantOf(member);
          return member["properties"]
            ? html`<li>
                <details>
                  <summary>${kind ? html`<code>${kind}</code>` : fieldNames(member)}</summary>
                  ${schemaBlock(member)}
                </details>
              </li>`
            : html`<li>${typeOf(member)} ${aside(member)}</li>`;
        })}
      </ul>`;
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const fields = Object.entries(node(schema["properties"]));
  if (fields.length === 0) return html`<p>${typeOf(schema)} ${aside(schema)}</p>`;
  return html`<dl>
    ${fields.map(
      ([name, field]) =>
        html`<dt><code>${name}</code>${needed(required.has(name))}</dt>
          <dd>${typeOf(node(field))} ${aside(node(field))} ${inside(node(field))}</dd>`,
    )}
  </dl>`;
}

/** The fields of an object, or of the items of a list, that has no name of its own. */
function inside(field: Node): Markup | "" {
  const inner = field["items"] ? node(field["items"]) : field;
  const isNameless =
    inner["$ref"] === undefined && (inner["properties"] !== undefined || inner["oneOf"] !== undefined);
  return isNameless ? schemaBlock(inner) : "";
}

/** A short name of a type, with a link if it is described elsewhere. */
function typeOf(schema: Node): Markup {
  const reference = text(schema["$ref"]).split("/").at(-1);
  if (reference) return html`<a href="#schema-${reference}">${reference}</a>`;
  const members = list(schema["oneOf"] ?? schema["anyOf"] ?? schema["allOf"]);
  if (members.length > 0) return joined(members.map(typeOf));
  if (schema["const"] !== undefined) return html`<code>${JSON.stringify(schema["const"])}</code>`;
  const values = Array.isArray(schema["enum"]) ? schema["enum"] : [];
  if (values.length > 0) return joined(values.map((value) => html`<code>${JSON.stringify(value)}</code>`));
  const types = [schema["type"]].flat().filter((type) => typeof type === "string");
  const name = types.map((type) => (type === "array" ? "list" : type)).join(" or ") || "anything";
  const format = text(schema["format"]);
  if (schema["items"]) return html`${name} of ${typeOf(node(schema["items"]))}`;
  return html`<span class="faint">${format && name === "string" ? format : name}</span>`;
}

function joined(parts: Markup[]): Markup {
  return html`${parts.flatMap((part, index) => (index === 0 ? [part] : [" · ", part]))}`;
}

/** What else there is to say of a field: its description, its bounds, an example. */
function aside(...described: Node[]): Markup {
  const found = (name: string) => described.map((one) => one[name]).find((value) => value !== undefined);
  const [least, most] = [found("minimum"), found("maximum")];
  const example = found("example") ?? list(found("examples"))[0];
  const parts = [
    text(found("description")),
    least !== undefined && most !== undefined ? `${JSON.stringify(least)} to ${JSON.stringify(most)}` : "",
    found("default") !== undefined ? `default ${JSON.stringify(found("default"))}` : "",
    example !== undefined ? `for example ${JSON.stringify(example)}` : "",
  ].filter(Boolean);
  return html`<span class="faint">${marked(parts.join("; "))}</span>`;
}

function needed(isRequired: boolean): Markup | "" {
  return isRequired ? html` <span class="faint">required</span>` : "";
}

/** The value of the field by which members of a union are told apart. */
function constantOf({ properties }: Node): string | null {
  for (const [name, field] of Object.entries(node(properties))) {
    const value =
      node(field)["const"] ??
      (list(node(field)["enum"]).length === 1 ? list(node(field)["enum"])[0] : undefined);
    if (typeof value === "string") return `${name}: "${value}"`;
  }
  return null;
}

function fieldNames({ properties }: Node): string {
  return Object.keys(node(properties)).join(", ");
}

/** Text with `code` in it. */
function marked(words: string): Markup {
  return html`${words.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

function node(value: unknown): Node {
  return typeof value === "object" && value !== null ? (value as Node) : {};
}

// A document's lists hold objects, except where they hold values that are shown as they are.
function list(value: unknown): Node[] {
  return Array.isArray(value) ? (value as Node[]) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
