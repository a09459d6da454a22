import { beforeEach, expect, test } from "vitest";
import {
  countMembers,
  findList,
  findListByName,
  insertList,
  insertMembers,
  listLists,
  removeList,
  removeMembers,
  setListName,
} from "../../src/audience/lists.ts";
import { listMembers } from "../../src/db/schema.ts";
import { freshScope } from "../support/database.ts";
import { emptied, range, seedPeople } from "../support/seed.ts";

const scope = await freshScope();
beforeEach(() => emptied(scope));

test("a list holds people whom the bot knows, each once", async () => {
  await seedPeople(scope, range(1, 5));
  await seedPeople(scope, [-100], { kind: "group" });
  const { id } = await insertList(scope, "  Spring \n fair ", 7);
  expect(await insertMembers(scope, id, [1, 2, 2, 99, -100])).toBe(2);
  expect(await insertMembers(scope, id, [2, 3])).toBe(1);
  expect(await removeMembers(scope, id, [1, 4])).toBe(1);
  expect(await listLists(scope)).toMatchObject([{ id, name: "Spring fair", createdBy: 7, members: 2 }]);
  expect(await countMembers(scope, id)).toBe(2);
});

test("a name is taken in any spelling, by other lists only", async () => {
  const fair = await insertList(scope, "Ярмарка", 7);
  const other = await insertList(scope, "Other", 7);
  await expect(insertList(scope, "ЯРМАРКА", 7)).rejects.toMatchObject({ code: "list-name-taken" });
  await expect(setListName(scope, other.id, "ярмарка")).rejects.toMatchObject({ code: "list-name-taken" });
  await expect(setListName(scope, other.id, "a, b")).rejects.toMatchObject({ code: "list-name-unfit" });
  expect(await setListName(scope, fair.id, "ярмарка")).toMatchObject({ name: "ярмарка" });
  expect(await findListByName(scope, " ЯРМАРКА ")).toMatchObject({ id: fair.id });
  expect(await setListName(scope, 12_345, "Free")).toBeNull();
});

test("deleting a list deletes its members, and nobody can be added to it afterwards", async () => {
  await seedPeople(scope, [1, 2]);
  const [kept, gone] = [await insertList(scope, "kept", 7), await insertList(scope, "gone", 7)];
  for (const { id } of [kept, gone]) await insertMembers(scope, id, [1, 2]);
  expect(await removeList(scope, gone.id)).toBe(true);
  expect(await removeList(scope, gone.id)).toBe(false);
  expect(await findList(scope, gone.id)).toBeNull();
  expect(await insertMembers(scope, gone.id, [1])).toBe(0);
  expect((await scope.db.select().from(listMembers)).map(({ listId }) => listId)).toEqual([kept.id, kept.id]);
});
