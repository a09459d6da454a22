import type { Message } from "grammy/types";
import { expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import { composes, until } from "../support/broadcast.ts";
import { FIRST, type Scene, scene, shows } from "../support/scene.ts";

/** /broadcast, and a photo in a channel that can be forwarded. */
async function begun(): Promise<Scene & { photo: Message }> {
  const all = await scene(1);
  const channel = all.telegram.channel({ title: "News" });
  const photo = await channel.posts({
    photo: true,
    caption: "Our new menu",
    reply_markup: { inline_keyboard: [[{ text: "Menu", url: "https://example.com/" }]] },
  });
  await all.owner.sends("/broadcast");
  await all.owner.sees("Send me the post");
  return { ...all, photo };
}

/** Telegram's apps send the comment and the forward right after each other. */
async function forwardsWithComment(owner: Person, message: Message): Promise<void> {
  await owner.sends("Please send this today");
  await owner.forwards(message);
}

async function launches(owner: Person): Promise<void> {
  await owner.taps("Continue");
  await owner.sees("· draft");
  await owner.taps("Send now");
  await owner.taps(/^Yes, send to/);
  await shows(owner, /finished/);
}

test("of a forward with a comment the forward is the post, and the comment can be taken instead", async () => {
  const { telegram, owner, photo } = await begun();
  await forwardsWithComment(owner, photo);
  const said = await owner.sees("You sent a comment and a forwarded message");
  expect(said.text).toContain("I took the forwarded one as the post: photo “Our new menu”.");
  expect(owner.buttons(said)).toEqual([["Take the other one: text “Please send this today”"]]);
  await launches(owner);
  expect(telegram.messages(FIRST)).toMatchObject([
    { caption: "Our new menu", reply_markup: { inline_keyboard: [[{ text: "Menu" }]] } },
  ]);
});

test("the comment that is taken instead has no buttons of the forward, and the review shows it anew", async () => {
  const { telegram, owner, photo } = await begun();
  await forwardsWithComment(owner, photo);
  await owner.sees("You sent a comment");
  await owner.taps("Continue");
  await owner.sees("1 button");
  await owner.taps(/^Take the other one: text/);
  await owner.sees("The post is now: text “Please send this today”.");
  await until(() => /Post: text, 22 characters\n/.test(owner.holds.at(-1)?.text ?? ""));
  // And back again.
  await owner.taps(/^Take the other one: photo/);
  await until(() => /Post: photo, 12 characters, 1 button/.test(owner.holds.at(-1)?.text ?? ""));
  await owner.taps(/^Take the other one: text/);
  await until(() => /Post: text, 22 characters\n/.test(owner.holds.at(-1)?.text ?? ""));
  await owner.taps("Send now");
  await owner.taps(/^Yes, send to/);
  await shows(owner, /finished/);
  expect(telegram.messages(FIRST).map(({ text }) => text)).toEqual(["Please send this today"]);
  expect(telegram.messages(FIRST)[0]).not.toHaveProperty("reply_markup");
});

test("an album that is forwarded with a comment is the post", async () => {
  const { telegram, owner } = await begun();
  const album = await telegram.channel().postsAlbum([{ photo: true, caption: "One" }, { photo: true }]);
  await owner.sends("Look");
  await owner.forwardsAll(album);
  await owner.sees("I took the forwarded one as the post: album of 2 “One”.");
  await launches(owner);
  expect(telegram.messages(FIRST).length).toBe(2);
});

test("of two messages in a row the first is the post, and the second can be taken instead", async () => {
  const { telegram, owner } = await begun();
  await owner.sends("Hello everybody");
  await owner.sends({ photo: true });
  const said = await owner.sees(
    "Two messages came together. I took the first one as the post: text “Hello everybody”.",
  );
  expect(owner.buttons(said)).toEqual([["Take the other one: photo"]]);
  await owner.sends("Take the other one: photo");
  await owner.sees("The post is now: photo.");
  await launches(owner);
  expect(telegram.messages(FIRST)[0]).toHaveProperty("photo");
});

test("a post that replaces another, and one of a version, come with a comment, too", async () => {
  const { telegram, owner, photo } = await begun();
  await owner.sends("/cancel");
  await owner.sees("Cancelled.");
  const german = telegram.person({ id: FIRST + 500, firstName: "G", languageCode: "de" });
  await german.sends("/start");
  await until(() => german.holds.length > 1);
  await composes(owner, "Hello");
  await owner.taps("Edit post");
  await owner.sees("Send me the new post");
  await forwardsWithComment(owner, photo);
  await until(() => /Post: photo, 12 characters, 1 button/.test(owner.holds.at(-1)?.text ?? ""));
  await owner.taps("Versions…");
  await owner.sees("Versions of campaign #1");
  await owner.taps(/^Add a version for Deutsch/);
  await owner.sees("should see it");
  const other = await telegram.channel().posts("Hallo");
  await forwardsWithComment(owner, other);
  await owner.sees("I took the forwarded one as the post: text “Hallo”.");
  await until(() => /Versions: Deutsch/.test(owner.holds.at(-1)?.text ?? ""));
  await owner.taps("Send now");
  await owner.taps(/^Yes, send to/);
  await shows(owner, /finished/);
  expect(telegram.messages(FIRST)[0]?.caption).toBe("Our new menu");
  expect(german.holds.at(-1)?.text).toBe("Hallo");
});

test("labels typed right behind the post are still answers", async () => {
  const { owner } = await begun();
  await owner.sends("Hello everybody");
  await owner.sends("Continue");
  await owner.sees("Campaign #1 · draft");
  await owner.sends("Send test to me");
  await owner.sees("Campaign #1 · draft");
});

test("what comes together but cannot be sent is refused with the reason, and the post stays", async () => {
  const { telegram, owner } = await begun();
  await owner.sends("Hello everybody");
  await owner.sends({ raw: { story: { chat: owner.place.chat, id: 1 } } });
  await owner.sees("Bots cannot forward stories");
  await launches(owner);
  expect(telegram.messages(FIRST)[0]?.text).toBe("Hello everybody");
});

test("an edit reaches the message that was not taken, and it goes as edited when it is", async () => {
  const { telegram, owner, photo } = await begun();
  const comment = await owner.sends("Please send tihs");
  await owner.forwards(photo);
  await owner.sees("You sent a comment");
  await owner.edits(comment, "Please send this");
  await owner.sends("Take the other one: text “Please send tihs”");
  await owner.sees("The post is now: text “Please send this”.");
  await launches(owner);
  expect(telegram.messages(FIRST)[0]?.text).toBe("Please send this");
});
