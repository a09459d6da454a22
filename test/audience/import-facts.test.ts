import { beforeEach, expect, test } from "vitest";
import {
  type ImportOptions,
  checkRecipients,
  importRecipients,
} from "../../src/audience/import/import-people.ts";
import { describeShape } from "../../src/audience/import/import-report.ts";
import type { RowRead } from "../../src/audience/import/import-summary.ts";
import { freshScope } from "../support/database.ts";
import { emptied, personOf } from "../support/seed.ts";
import { pieces } from "./import-rows.ts";

const scope = await freshScope();
beforeEach(() => emptied(scope));

async function readFile(text: string, options: ImportOptions = {}) {
  const rows: RowRead[] = [];
  const summary = await checkRecipients(pieces(text), { onRow: (row) => rows.push(row) }, options);
  return { rows, summary, faults: rows.flatMap(({ faults }) => faults) };
}

const FILE = `ID чата;Имя;Теги;Город;Дата рождения;Сумма;Код;Заметки
1;Анна;"VIP, Москва ,vip";Казань;12.05.1990;12,50;007;
2;Пётр;;;2024-03-25 23:30+03:00;-3;NULL;"Первая
вторая"
`;

test("a file's tags and its other columns become tags and attributes, named in the report", async () => {
  const { rows, summary, faults } = await readFile(FILE);
  expect(faults).toEqual([]);
  expect(rows.map(({ person }) => [person?.tags, person?.attributes])).toEqual([
    [["vip", "москва"], { город: "Казань", дата_рождения: "1990-05-12", сумма: 12.5, код: "007" }],
    [[], { дата_рождения: "2024-03-25", сумма: -3, заметки: "Первая вторая" }],
  ]);
  expect(describeShape(summary.shape!)).toContain(
    'Columns: "ID чата" → chat_id, "Имя" → first_name, "Теги" → tags.\n' +
      'Attributes: "Город" → город, "Дата рождения" → дата_рождения, "Сумма" → сумма, "Код" → код, "Заметки" → заметки.\n',
  );
});

test("importing again adds tags, updates attributes, and empties none; the same file changes nothing", async () => {
  const load = (text: string) => importRecipients(scope, pieces(text));
  await load(FILE);
  expect(await load(FILE)).toMatchObject({ inserted: 0, updated: 0, unchanged: 2 });
  const changed = "chat_id,tags,город,сумма,size\n1,gold,Уфа,,XL\n2,,,,\n";
  expect(await load(changed)).toMatchObject({ updated: 1, unchanged: 1 });
  const ann = await personOf(scope, 1);
  expect(ann?.tags.toSorted()).toEqual(["gold", "vip", "москва"]);
  expect(ann?.attributes).toEqual({
    город: "Уфа",
    дата_рождения: "1990-05-12",
    сумма: 12.5,
    код: "007",
    size: "XL",
  });
});

test("what cannot be kept loses that alone, with the reason", async () => {
  const long = "x".repeat(501);
  const file = `id,tags,born,note\n1,"ok,${"t".repeat(65)}",03/04/1990,${long}\n2,${"ab,".repeat(1)},x,y\n`;
  const { rows, faults } = await readFile(file.replace("2,ab,,x", '2,"ab,",x'));
  expect(faults).toEqual([
    { kind: "tag", loses: "tags" },
    { kind: "date-order", loses: "attributes.born" },
    { kind: "attribute", loses: "attributes.note" },
  ]);
  expect(rows.map(({ person }) => person?.tags)).toEqual([["ok"], ["ab"]]);
  const ordered = await readFile("id,born\n1,03/04/1990\n", { dates: "dmy" });
  expect(ordered.rows[0]?.person?.attributes).toEqual({ born: "1990-04-03" });
});

test("a column that means something else, or is skipped, is no attribute; a name that is there twice is refused", async () => {
  const skipped = "telegram_id,id,first_name,name,Note,\n1,77,Ada,Ada L.,hi,\n";
  const { rows } = await readFile(skipped, { ignore: ["note"] });
  expect(rows[0]?.person?.attributes).toEqual({});
  await expect(readFile("id,City,city\n1,a,b\n")).rejects.toThrow("names city twice");
  const many = Array.from({ length: 101 }, (_, index) => `column ${index}`);
  await expect(readFile(`id,${many.join(",")}\n`)).rejects.toThrow("at most 100");
});

test("NDJSON has tags as an array or a text, and any other name", async () => {
  const lines = [
    {
      chat_id: 1,
      tags: ["VIP", "a b"],
      City: "Kazan",
      age: 34,
      born: "1990-05-12T10:00:00Z",
      more: { a: 1 },
    },
    { chat_id: 2, tags: "x,y" },
    { chat_id: 3, tags: [1] },
  ];
  const { rows, faults } = await readFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(""), {
    format: "ndjson",
  });
  expect(rows[0]?.person).toMatchObject({
    tags: ["vip", "a b"],
    attributes: { city: "Kazan", age: 34, born: "1990-05-12" },
  });
  expect(rows[1]?.person?.tags).toEqual(["x", "y"]);
  expect(faults).toEqual([
    { kind: "attribute-kind", loses: "attributes.more" },
    { kind: "not-an-object", loses: "row" },
  ]);
});
