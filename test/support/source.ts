import { readFileSync, readdirSync } from "node:fs";
import { dirname, extname, join, normalize } from "node:path";
import { parseAst } from "vite";

/** A node of a syntax tree. */
export interface Node {
  type: string;
  [field: string]: unknown;
}

export interface SourceFile {
  /** From the folder that was read, such as `db/schema.ts`. */
  path: string;
  nodes: Node[];
}

const ROOT = join(import.meta.dirname, "../..");

/** All TypeScript below a folder of the project, parsed. */
export function sourceIn(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path))
    .toSorted()
    .map((path) => ({ path, nodes: parsed(join(folder, path)) }));
}

/** The nodes of one file of the project, each before those within it. */
export function parsed(path: string): Node[] {
  const lang = path.endsWith(".d.ts") ? "dts" : extname(path) === ".tsx" ? "tsx" : "ts";
  const program: unknown = parseAst(readFileSync(join(ROOT, path), "utf8"), { lang });
  return [...nodesIn(program)];
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

export function* nodesIn(value: unknown): Generator<Node> {
  if (typeof value !== "object" || value === null) return;
  if (isNode(value)) yield value;
  for (const inner of Object.values(value)) yield* nodesIn(inner);
}

/** Of an identifier, or of what a member expression asks for: `t` of `ctx.t`. Else nothing. */
export function nameOf(node: unknown): string {
  if (!isNode(node)) return "";
  if (node.type === "MemberExpression") return nameOf(node["property"]);
  const isName = node.type === "Identifier" || node.type === "JSXIdentifier";
  return isName && typeof node["name"] === "string" ? node["name"] : "";
}

/** The value of a string literal. */
export function stringOf(node: unknown): string | undefined {
  const value = isNode(node) && node.type === "Literal" ? node["value"] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** What a template literal consists of beside its expressions. */
export function quasisOf(node: unknown): string[] {
  if (!isNode(node) || node.type !== "TemplateLiteral" || !Array.isArray(node["quasis"])) return [];
  return node["quasis"].map(cooked);
}

function cooked(text: unknown): string {
  const value = isNode(text) ? text["value"] : undefined;
  return typeof value === "object" && value !== null && "cooked" in value && typeof value.cooked === "string"
    ? value.cooked
    : "";
}

/** Each call or `new` of these names, by its arguments. */
export function callsOf(
  nodes: Node[],
  type: "CallExpression" | "NewExpression",
  ...names: string[]
): Node[][] {
  return nodes
    .filter((node) => node.type === type && names.includes(nameOf(node["callee"])))
    .map(({ arguments: given }) => (Array.isArray(given) ? given.filter(isNode) : []));
}

/** What a file imports, types included: specifiers as they are written. */
export function importsOf(nodes: Node[]): { from: string; typesOnly: boolean }[] {
  return nodes.flatMap(({ type, source, importKind, exportKind }) => {
    const isImport =
      type === "ImportDeclaration" ||
      type === "ExportNamedDeclaration" ||
      type === "ExportAllDeclaration" ||
      type === "ImportExpression" ||
      type === "TSImportType";
    const from = isImport ? stringOf(source) : undefined;
    const typesOnly = type === "TSImportType" || importKind === "type" || exportKind === "type";
    return from === undefined ? [] : [{ from, typesOnly }];
  });
}

/** The files of the same folder tree that a file imports, by their paths. */
export function neighboursOf({ path, nodes }: SourceFile): string[] {
  return importsOf(nodes)
    .filter(({ from }) => from.startsWith("."))
    .map(({ from }) => normalize(join(dirname(path), from)));
}
