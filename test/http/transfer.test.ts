import { once } from "node:events";
import { connect } from "node:net";
import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { Scope } from "../../src/db/scope.ts";
import { recipients } from "../../src/db/schema.ts";
import { type ApiScene, apiScene } from "../support/api.ts";
import { until, within } from "../support/broadcast.ts";
import { seedPeople } from "../support/seed.ts";

const CSV = { "content-type": "text/csv" };
const NDJSON = { "content-type": "application/x-ndjson; charset=utf-8" };
const IMPORT = "/v1/recipients/import";

const load = ({ call }: ApiScene, text: string, headers: Record<string, string> = CSV, more = "") =>
  call("POST", IMPORT + more, text, { as: "write", headers });

describe("an import", () => {
  test("of CSV reports what became of each row, and how the file was read", async () => {
    const api = await apiScene(1);
    const file =
      "ID чата;Имя;Телефон;Статус;Заметки\n700015;Анна;8 916 123-45-67;активен;x\n700016;Пётр;;отписан;\n7E+09;Иван;;;\n";
    expect(await load(api, file)).toMatchObject({
      status: 200,
      body: {
        rows: 3,
        inserted: 2,
        refused: 1,
        incomplete: 1,
        gone: 1,
        faults: [
          { line: 2, loses: "phone", reason: "phone", detail: expect.stringContaining("country RU") },
          { line: 4, loses: "row", reason: "chat-id-exponent" },
        ],
        faults_omitted: 0,
        encoding: "utf-8",
        delimiter: ";",
        columns: expect.arrayContaining([
          { name: "ID чата", as: "chat_id" },
          { name: "Заметки", as: "attributes.заметки" },
        ]),
      },
    });
    expect((await load(api, file, CSV, "?country=RU")).body).toMatchObject({ updated: 1, incomplete: 0 });
    expect((await api.call("GET", "/v1/recipients/700015")).body.phone).toBe("+79161234567");
    expect((await api.call("GET", "/v1/recipients/700016")).body.status).toBe("opted_out");
  });

  test("of NDJSON takes the values of a file as texts, numbers, true and false", async () => {
    const api = await apiScene(1);
    const lines = [
      { chat_id: 700_015, first_name: "Ada", language: "pt-BR", joined_at: 1_711_324_800, colour: "red" },
      { chat_id: "700016", blocked: true, last_name: null },
      { chat_id: 700_017, first_name: "half \uD83D" },
      { chat_id: 700_018, first_name: ["Ada"] },
      { first_name: "Nobody" },
    ].map((line) => JSON.stringify(line));
    const text = [...lines.slice(0, 2), "", ...lines.slice(2), "[1]", "{"].join("\r\n");
    expect((await load(api, text, NDJSON)).body).toMatchObject({
      rows: 7,
      inserted: 3,
      refused: 4,
      gone: 1,
      faults: [
        { line: 4, loses: "first_name", reason: "encoding" },
        { line: 5, loses: "row", reason: "not-an-object" },
        { line: 6, loses: "row", reason: "chat-id-missing" },
        { line: 7, reason: "not-an-object" },
        { line: 8, reason: "not-an-object" },
      ],
      delimiter: null,
      columns: expect.arrayContaining([
        { name: "colour", as: "attributes.colour" },
        { name: "blocked", as: "blocked" },
      ]),
    });
    expect((await api.call("GET", "/v1/recipients/700015")).body).toMatchObject({
      language: "pt",
      joined_at: "2024-03-25T00:00:00.000Z",
    });
  });

  test("may be larger than other bodies, lists the first faults, and can be a dry run", async () => {
    const api = await apiScene(1);
    const rows = Array.from({ length: 60_000 }, (_, index) => `${1_000_000 + index},Person ${index},12`);
    const file = `chat_id,first_name,phone\n${rows.join("\n")}\n`;
    expect(file.length).toBeGreaterThan(1_048_576);
    expect((await load(api, file, CSV, "?dry_run=true")).body).toMatchObject({ rows: 60_000, inserted: 0 });
    const { body } = await load(api, file);
    expect(body).toMatchObject({ rows: 60_000, inserted: 60_000, faults_omitted: 59_900 });
    expect(body.faults).toHaveLength(100);
  });

  test.each([
    ["JSON", "[]", { "content-type": "application/json" }, "", 415],
    ["no type", "chat_id\n1\n", { "content-type": "" }, "", 415],
    ["nothing", "", CSV, "", 422],
    ["no ids", "first_name\nAda\n", CSV, "", 422],
    ["two columns that may be the ids", "user_id,telegram_id\n1,2\n", CSV, "", 422],
    ["a workbook", "PK\u0003\u0004", CSV, "", 422],
    ["an unknown country", "chat_id\n1\n", CSV, "?country=ZZ", 422],
    ["an unknown parameter", "chat_id\n1\n", CSV, "?colour=red", 422],
  ])("of %s is refused", async (_, text, headers, more, status) => {
    const api = await apiScene(1);
    expect((await load(api, text, headers, more)).status).toBe(status);
    for (const path of [IMPORT, `${IMPORT}?dry_run=true`])
      expect((await api.call("POST", path, "chat_id\n1\n", { as: "read", headers: CSV })).status).toBe(403);
  });

  test("that names several ids is told the parameter, not the option of the command line", async () => {
    const api = await apiScene(1);
    const file = "user_id,telegram_id\n700015,700016\n";
    const { body } = await load(api, file);
    expect(body.detail).toContain('id_column "user_id"');
    expect((await load(api, file, CSV, "?id_column=telegram_id")).body.inserted).toBe(1);
  });

  test("whose client goes away leaves everyone whose line had arrived whole, and a line in the log that is no error", async () => {
    const { address, keys, database, herald } = await apiScene(1);
    const { hostname, port } = new URL(address);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    const head = `POST ${IMPORT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keys.write}\r\nContent-Type: text/csv\r\n`;
    const rows = Array.from({ length: 30_000 }, (_, index) => `${1_000_000 + index}\n`).join("");
    socket.write(`${head}Content-Length: 100000000\r\n\r\nchat_id\n${rows}99999`);
    const imported = () =>
      within(database, ({ db }) => db.$count(recipients, sql`${recipients.chatId} >= 1000000`));
    await until(async () => (await imported()) >= 2_000, 10_000);
    socket.destroy();
    await until(async () => herald.logged.some((line) => line.includes("an import broke off")), 10_000);
    // The last line was cut, so its digits are not an id.
    const cut = within(database, ({ db }) => db.$count(recipients, sql`${recipients.chatId} = 99999`));
    expect(await cut).toBe(0);
    expect(herald.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});

describe("an export", () => {
  test("of a segment has those who meet it, also those who blocked the bot", async () => {
    const { call } = await apiScene(3, {
      async prepare(scope: Scope) {
        await seedPeople(scope, [11], { tags: ["vip"] });
        await seedPeople(scope, [12], { status: "blocked", statusChangedAt: new Date() });
      },
    });
    const exported = async (line: string) =>
      call("GET", `/v1/recipients/export?segment=${encodeURIComponent(line)}`, undefined, { as: "read" });
    const { body } = await exported("tag:vip or blocked:<1d");
    const ids = body
      .trim()
      .split("\n")
      .slice(1)
      .map((row: string) => row.split(",")[0]);
    expect(ids).toEqual(["11", "12"]);
    expect(await exported("tag:vip hello")).toMatchObject({
      status: 422,
      body: { errors: [{ parameter: "segment" }] },
    });
    expect((await exported("-got:99")).status).toBe(422);
  });

  test("is a file that an import reads as the same people", async () => {
    const people = {
      async prepare(scope: Scope) {
        const joinedAt = new Date("2024-03-25T10:00:00Z");
        await seedPeople(scope, [11], {
          firstName: "=1+1",
          lastName: '"Ada", L.',
          username: "ada",
          joinedAt,
          tags: ["vip", "москва"],
          attributes: { age: 34, city: "-Kazan" },
        });
        await seedPeople(scope, [12], { phone: "+442079460000", optedOutAt: new Date(), firstName: "@x" });
        await seedPeople(scope, [13], { status: "blocked", language: null });
        await seedPeople(scope, [14], { status: "unreachable" });
        await seedPeople(scope, [-5], { kind: "group" });
      },
    };
    const [one, other] = [await apiScene(0, people), await apiScene(0)];
    const { headers, body } = await one.call("GET", "/v1/recipients/export", undefined, { as: "read" });
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(body.split("\n").slice(0, 4)).toEqual([
      "chat_id,language,first_name,last_name,username,phone,joined_at,status,tags,age,city",
      expect.stringMatching(/^1,/),
      `11,en,'=1+1,"""Ada"", L.",ada,,2024-03-25T10:00:00.000Z,active,"vip, москва",34,'-Kazan`,
      "12,en,'@x,,,'+442079460000,,unsubscribed,,,",
    ]);
    expect((await load(other, body)).body).toMatchObject({ rows: 5, refused: 0, incomplete: 0 });
    for (const id of [11, 12, 13]) {
      const known = async ({ call }: ApiScene) => {
        const stays = (await call("GET", `/v1/recipients/${id}`)).body;
        for (const moment of ["created_at", "updated_at", "opted_out_at", "status_changed_at"])
          delete stays[moment];
        return stays;
      };
      expect(await known(other)).toEqual(await known(one));
    }
    expect((await other.call("GET", "/v1/recipients/14")).body.status).toBe("active");
  });
});
