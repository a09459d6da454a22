import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { OpenAPIClientAxios } from "openapi-client-axios";
import { describe, expect, test } from "vitest";
import { type Answer, apiScene } from "../support/api.ts";
import { fromSchema, seldom } from "../support/from-schema.ts";
import { type OpenApiDocument, type Operation, judgeBy, operationsOf } from "../support/openapi.ts";

/** How many requests each operation gets; `FUZZ_RUNS=10000` spreads as many over all. */
const FUZZ_RUNS = Number(process.env["FUZZ_RUNS"] ?? 1_500);

/** Campaigns that the requests find, by number. */
const DRAFTS = 40;

const published = JSON.parse(readFileSync("docs/openapi.json", "utf8")) as OpenApiDocument;
const operations = operationsOf(published);
const { schemas } = published.components;
const judge = judgeBy(published);

describe("the OpenAPI document", () => {
  test("in docs/ is that of the code: npm run openapi", async () => {
    const { call } = await apiScene(1);
    expect((await call("GET", "/v1/openapi.json", undefined, { as: null })).body).toEqual(published);
  });

  test("names every operation, and says of each what can be answered", () => {
    const ids = operations.map(({ id }) => id);
    expect(ids.filter((id) => !/^[a-z][A-Za-z]+$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    const missing = operations.flatMap(({ id, responses, isOpen, body, path }) =>
      [
        ...(isOpen ? [] : ["401", "429"]),
        // Only bodies of JSON have a limit; lists are streams of any length.
        ...("application/json" in body ? ["413", "422"] : []),
        ...(path.includes("{") ? ["404"] : []),
      ].flatMap((status) => (status in responses ? [] : [`${id} ${status}`])),
    );
    expect(missing).toEqual([]);
  });

  test("has patterns without flags, which would be taken for a part of them", () => {
    const patterns = [...JSON.stringify(published).matchAll(/"pattern":"((?:[^"\\\\]|\\\\.)*)"/g)].map(
      ([, one]) => one,
    );
    expect(patterns.length).toBeGreaterThan(5);
    expect(patterns.filter((one) => /\/[a-z]+$/.test(one ?? ""))).toEqual([]);
  });

  test.each(Object.keys(schemas))("has the schema %s, which what is made by it fits", (name) => {
    const schema = { $ref: `#/components/schemas/${name}` };
    const made = fc.sample(fromSchema(schema, schemas), 30);
    expect(made.map((value) => judge(schema, value)).filter((fault) => fault !== null)).toEqual([]);
  });

  test("is shown at /docs without a script, and nothing may be loaded by it", async () => {
    const { call } = await apiScene(1);
    const page = await call("GET", "/docs", undefined, { as: null });
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.body).not.toMatch(/<script|<link|<img|javascript:/i);
    for (const { id } of operations) expect(page.body).toContain(`id="${id}"`);
    for (const name of Object.keys(schemas)) expect(page.body).toContain(`id="schema-${name}"`);
    for (const [, anchor] of String(page.body).matchAll(/href="#([^"]+)"/g))
      expect(page.body).toContain(`id="${anchor}"`);
  });
});

describe("a client that is generated from it", () => {
  test("walks a campaign from its draft to the end", async () => {
    const { address, keys } = await apiScene(3);
    const client = await new OpenAPIClientAxios({
      definition: published as never,
      withServer: { url: address },
      axiosConfigDefaults: { headers: { authorization: `Bearer ${keys.send}` } },
    }).getClient();
    const call = async (id: string, ...rest: unknown[]) => {
      const operation = client[id] as unknown as (...given: unknown[]) => Promise<{ data: never }>;
      return (await operation(...rest)).data;
    };
    const { number }: { number: number } = await call("createCampaign", null, {
      content: { kind: "text", text: "Hello" },
    });
    await call("testCampaign", { number }, {});
    await call("scheduleCampaign", { number }, { agreed_count: 3, starts_at: "2027-12-01T10:00:00+01:00" });
    const read: { state: string } = await call("readCampaign", { number });
    expect(read.state).toBe("scheduled");
    await call("cancelCampaign", { number }, { reason: "A test" });
    const all: { items: object[] } = await call("listCampaigns");
    expect(all.items).toMatchObject([{ number, state: "cancelled" }]);
  });
});

/** Operations that some of the generated requests have to reach the end of. */
const SUCCEED = [
  "createCampaign",
  "changeCampaign",
  "duplicateCampaign",
  "listCampaigns",
  "readCampaign",
  "testCampaign",
];

/** It ends only when the client goes. */
const isStream = (responses: Record<string, Record<string, unknown>>) =>
  Object.values(responses).some((types) => "text/event-stream" in types);

describe("every operation", () => {
  test("refuses who has no key", async () => {
    const { call } = await apiScene(1);
    const answered: [id: string, status: number][] = [];
    for (const { method, path, id } of operations) {
      const at = path.replaceAll(/\{\w+\}/g, "1");
      const body = method === "GET" || method === "DELETE" ? undefined : {};
      answered.push([id, (await call(method, at, body, { as: null })).status]);
    }
    expect(answered).toEqual(operations.map(({ id, isOpen }) => [id, isOpen ? 200 : 401]));
  });

  test(
    "answers whatever is made by the document, or by chance, as the document says",
    { timeout: 240_000 },
    async () => {
      const { call } = await apiScene(5);
      const fuzzed = operations
        .filter(({ responses, isOpen }) => !isStream(responses) && !isOpen)
        // What takes things away comes last, so that the others find them.
        .toSorted((a, b) => Number(a.method === "DELETE") - Number(b.method === "DELETE"));
      const runs = Math.ceil(FUZZ_RUNS / fuzzed.length);
      const done = new Set<string>();
      const faults: string[] = [];
      for (let made = 0; made < DRAFTS; made += 1)
        await call("POST", "/v1/campaigns", { content: { kind: "text", text: `Draft ${made}` } });
      for (const operation of fuzzed) {
        const { id, method, responses } = operation;
        const requests = fc.sample(requestsOf(operation), { numRuns: runs, seed: 1 });
        for (const { path, query, body } of requests) {
          const [type] = Object.keys(operation.body);
          const answer = await call(
            method,
            `${path}${query}`,
            body === undefined ? undefined : JSON.stringify(body),
            {
              ...(type !== undefined && { headers: { "content-type": type } }),
            },
          );
          if (answer.status < 300) done.add(id);
          const fault = faultOf(answer, responses);
          if (fault) faults.push(`${id} ${path}${query} ${JSON.stringify(body)}: ${fault}`);
        }
      }
      expect(faults).toEqual([]);
      // Most of them get past the checks of shape: else only those would have been tried.
      expect([...done]).toEqual(expect.arrayContaining(SUCCEED));
    },
  );
});

/** What is wrong with an answer by the document; null if nothing is. */
function faultOf({ status, headers, body }: Answer, responses: Operation["responses"]): string | null {
  if (status >= 500) return `${status} ${JSON.stringify(body)}`;
  const declared = status === 400 ? {} : responses[String(status)];
  if (!declared) return `${status} is not declared`;
  const schema = declared[headers.get("content-type")?.split(";")[0] ?? ""];
  return schema && typeof body === "object" ? judge(schema, body) : null;
}

interface Request {
  path: string;
  query: string;
  body: unknown;
}

/** Requests as the document wants them and, in one case of five, with anything in one place. */
function requestsOf({ path, parameters, body }: Operation): fc.Arbitrary<Request> {
  const [schema] = Object.values(body);
  const values = fc.tuple(
    ...parameters.map(({ name, required, in: where, schema: wanted }) => {
      if (name === "number") return fc.integer({ min: 1, max: DRAFTS + 1 });
      const value = fromSchema(wanted, schemas);
      return required || where === "path" ? value : seldom(value);
    }),
  );
  const wild = fc.oneof(fc.string(), fc.constantFrom("null", "0", "-1", "1e9", "%00", "é", "[]", "true"));
  return fc
    .tuple(
      values,
      schema ? fromSchema(schema, schemas) : fc.constant(undefined),
      fc.nat(4),
      fc.nat(),
      wild,
      fc.jsonValue(),
    )
    .map(([given, sent, one, place, word, anything]) => {
      const isWild = one === 0;
      const at = isWild ? place % (parameters.length + (schema ? 1 : 0) || 1) : -1;
      let filled = path;
      const query = new URLSearchParams();
      for (const [index, { name, in: where }] of parameters.entries()) {
        const value = index === at ? word : given[index];
        if (where === "path") filled = filled.replace(`{${name}}`, encodeURIComponent(String(value)) || "1");
        if (where === "query" && value !== undefined)
          for (const each of [value].flat())
            query.append(name, typeof each === "string" ? each : JSON.stringify(each));
      }
      const isBodyWild = schema !== undefined && at === parameters.length;
      return { path: filled, query: query.size > 0 ? `?${query}` : "", body: isBodyWild ? anything : sent };
    });
}
