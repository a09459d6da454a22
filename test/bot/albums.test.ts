import type { Message } from "grammy/types";
import { expect, test } from "vitest";
import { gatherAlbums } from "../../src/bot/updates/albums.ts";
import type { HeraldContext } from "../../src/bot/ui/bot-context.ts";
import { manualClock } from "../support/clock.ts";

/** The middleware, and what passed through it: the ids of the parts of an album, or of the message. */
function gathering() {
  const clock = manualClock();
  const middleware = gatherAlbums({ clock });
  const passed: number[][] = [];
  const arrives = (id: number, album?: string, chat: { id: number; type: string } = PRIVATE) => {
    const message = {
      message_id: id,
      chat,
      ...(album !== undefined && { media_group_id: album }),
    } as Message;
    const ctx = { message } as HeraldContext;
    void middleware(ctx, async () => {
      passed.push((ctx.album ?? [message]).map(({ message_id }) => message_id));
    });
  };
  return { clock, passed, arrives };
}

const PRIVATE = { id: 1, type: "private" };

test("an album passes once, 800 ms behind its last part", async () => {
  const { clock, passed, arrives } = gathering();
  arrives(1, "a");
  await clock.advance(700);
  arrives(2, "a");
  await clock.advance(799);
  expect(passed).toEqual([]);
  await clock.advance(1);
  expect(passed).toEqual([[1, 2]]);
  expect(clock.sleeping).toBe(0);
});

test("a part that is later than that passes as an album of its own", async () => {
  const { clock, passed, arrives } = gathering();
  arrives(1, "a");
  await clock.advance(801);
  arrives(2, "a");
  await clock.advance(801);
  expect(passed).toEqual([[1], [2]]);
});

test("the tenth part is the last that is waited for", async () => {
  const { clock, passed, arrives } = gathering();
  for (let id = 1; id <= 10; id += 1) arrives(id, "a");
  await clock.advance(0);
  expect(passed.map((ids) => ids.length)).toEqual([10]);
});

test("what comes behind an album in its chat ends it and stays behind it; other chats do not wait", async () => {
  const { clock, passed, arrives } = gathering();
  arrives(1, "a");
  arrives(2, "a");
  arrives(3, "b");
  arrives(4);
  arrives(5, undefined, { id: 2, type: "private" });
  arrives(6, "c", { id: 2, type: "private" });
  await clock.advance(0);
  expect(passed).toEqual([[5], [1, 2], [3], [4]]);
  await clock.advance(800);
  expect(passed.at(-1)).toEqual([6]);
});

test("albums in groups and channels are not gathered", () => {
  const { passed, arrives } = gathering();
  arrives(1, "a", { id: -1, type: "supergroup" });
  arrives(2, "a", { id: -1, type: "supergroup" });
  expect(passed).toEqual([[1], [2]]);
});
