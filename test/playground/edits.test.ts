import { InlineKeyboard } from "grammy";
import { expect, test } from "vitest";
import { apiFor, posterFor, telegramFor } from "./harness.ts";

test("the bot hears of an edit with the whole message: another text, another caption, another file", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person({ id: 7, started: true });
  const text = await ada.sends("Hello wrold");
  const photo = await ada.sends({ photo: true, caption: "A photo" }, { effect_id: "5104841245755180586" });
  await api.getUpdates({ offset: -1 });
  await ada.edits(text, "Hello world");
  await ada.edits(photo, "The photo");
  await ada.edits(photo, { video: true, caption: "A video" });
  const edits = (await api.getUpdates({ offset: 500_000_003 })).map((update) => update.edited_message);
  expect(edits).toMatchObject([
    { message_id: text.message_id, date: text.date, text: "Hello world", from: { id: 7 }, chat: { id: 7 } },
    { message_id: photo.message_id, photo: photo.photo, caption: "The photo" },
    { message_id: photo.message_id, caption: "A video", effect_id: "5104841245755180586" },
  ]);
  expect(edits.every((message) => typeof message?.edit_date === "number")).toBe(true);
  expect(edits[2]).toHaveProperty("video");
  expect(edits[2]).not.toHaveProperty("photo");
  expect(ada.holds.map(({ text, caption }) => text ?? caption)).toEqual(["Hello world", "A video"]);
});

test("a part of an album keeps its place in it, and takes only what goes with the others", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person({ id: 7, started: true });
  const [first] = await ada.sendsAlbum([{ photo: true }, { photo: true }]);
  const edited = await ada.edits(first!, { video: true, caption: "Moving" });
  expect(edited.media_group_id).toBe(first?.media_group_id);
  await expect(ada.edits(first!, { document: true })).rejects.toThrow("goes with the others");
});

test("what Telegram's apps let nobody edit is refused", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person({ id: 7, started: true });
  const text = await ada.sends("Hello");
  const forward = await ada.forwards(await telegram.channel().posts("News"));
  await expect(ada.edits(forward, "Other news")).rejects.toThrow("A forwarded message cannot be edited.");
  for (const post of [{ poll: true }, { sticker: true }, { dice: true }, { contact: true }] as const)
    await expect(ada.edits(await ada.sends(post), "Other")).rejects.toThrow("cannot be edited");
  await expect(ada.edits(await ada.sends({ photo: true }), { text: "Only text" })).rejects.toThrow(
    "not removed",
  );
  telegram.ages(7, text.message_id, 3 * 24 * 3600);
  await expect(ada.edits(text, "Later")).rejects.toThrow("too old");
  const own = await apiFor(telegram).sendMessage(7, "From the bot");
  await expect(ada.edits(own, "Mine")).rejects.toThrow("Only its author");
});

test("edits come over HTTP, too", async () => {
  const telegram = await telegramFor();
  const post = posterFor(telegram);
  const ada = telegram.person({ id: 7, started: true });
  const { message_id: id } = await ada.sends("Hello");
  await post("edits", { from: 7, id, text: "Hello again" });
  expect(ada.holds[0]?.text).toBe("Hello again");
  await post("edits", { from: 7, id, message: { photo: true, caption: "With a photo" } });
  expect(ada.holds[0]).toMatchObject({ caption: "With a photo" });
  expect(ada.holds[0]).not.toHaveProperty("text");
});

test("a tap tells what its message replies to as it stands now", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person({ id: 7, started: true });
  const { message_id: id } = await ada.sends("Hello wrold");
  await api.sendMessage(7, "Well?", {
    reply_parameters: { message_id: id },
    reply_markup: new InlineKeyboard().text("Yes", "y"),
  });
  await ada.edits(id, "Hello world");
  void ada.taps("Yes", { within: 1 }).catch(() => undefined);
  await ada.deletes(id);
  void ada.taps("Yes", { within: 1 }).catch(() => undefined);
  const taps = (await api.getUpdates()).flatMap(({ callback_query: tap }) => tap?.message ?? []);
  expect(taps[0]).toMatchObject({ reply_to_message: { text: "Hello world" } });
  expect(taps[1]).not.toHaveProperty("reply_to_message");
});
