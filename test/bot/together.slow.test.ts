import type { Message } from "grammy/types";
import { expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import { composes, until } from "../support/broadcast.ts";
import { FIRST, type Scene, scene, shows } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

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
  await all.owner.sees(en("post-ask"));
  return { ...all, photo };
}

/** Telegram's apps send the comment and the forward right after each other. */
async function forwardsWithComment(owner: Person, message: Message): Promise<void> {
  await owner.sends("Please send this today");
  await owner.forwards(message);
}

async function launches(owner: Person): Promise<void> {
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("review-title"));
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await shows(owner, inState("finished"));
}

test("of a forward with a comment the forward is the post, and the comment can be taken instead", async () => {
  const { telegram, owner, photo } = await begun();
  await forwardsWithComment(owner, photo);
  const said = await owner.sees(en.like("together-forward"));
  expect(said.text).toMatch(
    en.like("together-forward", {
      post: en("post-name", { kind: en("kind-photo"), opening: "Our new menu" }),
    }),
  );
  expect(owner.buttons(said)).toEqual([
    [
      en("button-take-other", {
        post: en("post-name", { kind: en("kind-text"), opening: "Please send this today" }),
      }),
    ],
  ]);
  await launches(owner);
  expect(telegram.messages(FIRST)).toMatchObject([
    { caption: "Our new menu", reply_markup: { inline_keyboard: [[{ text: "Menu" }]] } },
  ]);
});

test("the comment that is taken instead has no buttons of the forward, and the review shows it anew", async () => {
  const { telegram, owner, photo } = await begun();
  await forwardsWithComment(owner, photo);
  await owner.sees(en.like("together-forward"));
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("post-summary", { buttons: 1 }));
  await owner.taps(
    en.opens("button-take-other", { post: en("post-name", { kind: en("kind-text"), opening: "none" }) }),
  );
  await owner.sees(
    en("together-now", {
      post: en("post-name", { kind: en("kind-text"), opening: "Please send this today" }),
    }),
  );
  await until(() => /Post: text, 22 characters\n/.test(owner.holds.at(-1)?.text ?? ""));
  // And back again.
  await owner.taps(
    en.opens("button-take-other", { post: en("post-name", { kind: en("kind-photo"), opening: "none" }) }),
  );
  await until(() => /Post: photo, 12 characters, 1 button/.test(owner.holds.at(-1)?.text ?? ""));
  await owner.taps(
    en.opens("button-take-other", { post: en("post-name", { kind: en("kind-text"), opening: "none" }) }),
  );
  await until(() => /Post: text, 22 characters\n/.test(owner.holds.at(-1)?.text ?? ""));
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await shows(owner, inState("finished"));
  expect(telegram.messages(FIRST).map(({ text }) => text)).toEqual(["Please send this today"]);
  expect(telegram.messages(FIRST)[0]).not.toHaveProperty("reply_markup");
});

test("an album that is forwarded with a comment is the post", async () => {
  const { telegram, owner } = await begun();
  const album = await telegram.channel().postsAlbum([{ photo: true, caption: "One" }, { photo: true }]);
  await owner.sends("Look");
  await owner.forwardsAll(album);
  await owner.sees(
    en.like("together-forward", {
      post: en("post-name", { kind: en("kind-album", { parts: 2 }), opening: "One" }),
    }),
  );
  await launches(owner);
  expect(telegram.messages(FIRST).length).toBe(2);
});

test("of two messages in a row the first is the post, and the second can be taken instead", async () => {
  const { telegram, owner } = await begun();
  await owner.sends("Hello everybody");
  await owner.sends({ photo: true });
  const said = await owner.sees(
    en("together-first", { post: en("post-name", { kind: en("kind-text"), opening: "Hello everybody" }) }),
  );
  expect(owner.buttons(said)).toEqual([
    [en("button-take-other", { post: en("post-name", { kind: en("kind-photo"), opening: "none" }) })],
  ]);
  await owner.sends("Take the other one: photo");
  await owner.sees(
    en("together-now", { post: en("post-name", { kind: en("kind-photo"), opening: "none" }) }),
  );
  await launches(owner);
  expect(telegram.messages(FIRST)[0]).toHaveProperty("photo");
});

test("a post that replaces another, and one of a version, come with a comment, too", async () => {
  const { telegram, owner, photo } = await begun();
  await owner.sends("/cancel");
  await owner.sees(en("dialog-left"));
  const german = telegram.person({ id: FIRST + 500, firstName: "G", languageCode: "de" });
  await german.sends("/start");
  await until(() => german.holds.length > 1);
  await composes(owner, "Hello");
  await owner.taps(en("button-edit-post"));
  await owner.sees(en("post-replace"));
  await forwardsWithComment(owner, photo);
  await until(() => /Post: photo, 12 characters, 1 button/.test(owner.holds.at(-1)?.text ?? ""));
  await owner.taps(en("button-versions"));
  await owner.sees(en.like("versions-ask", { id: 1 }));
  await owner.taps(en.opens("button-add-version", { language: "Deutsch" }));
  await owner.sees(en.like("post-version"));
  const other = await telegram.channel().posts("Hallo");
  await forwardsWithComment(owner, other);
  await owner.sees(
    en.like("together-forward", { post: en("post-name", { kind: en("kind-text"), opening: "Hallo" }) }),
  );
  await until(() => en.like("review-versions", { versions: "Deutsch" }).test(owner.holds.at(-1)?.text ?? ""));
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await shows(owner, inState("finished"));
  expect(telegram.messages(FIRST)[0]?.caption).toBe("Our new menu");
  expect(german.holds.at(-1)?.text).toBe("Hallo");
});

test("labels typed right behind the post are still answers", async () => {
  const { owner } = await begun();
  await owner.sends("Hello everybody");
  await owner.sends("Continue");
  await owner.sees(en("review-title", { id: 1 }));
  await owner.sends("Send test to me");
  await owner.sees(en("review-title", { id: 1 }));
});

test("what comes together but cannot be sent is refused with the reason, and the post stays", async () => {
  const { telegram, owner } = await begun();
  await owner.sends("Hello everybody");
  await owner.sends({ raw: { story: { chat: owner.place.chat, id: 1 } } });
  await owner.sees(en("refused-story"));
  await launches(owner);
  expect(telegram.messages(FIRST)[0]?.text).toBe("Hello everybody");
});

test("an edit reaches the message that was not taken, and it goes as edited when it is", async () => {
  const { telegram, owner, photo } = await begun();
  const comment = await owner.sends("Please send tihs");
  await owner.forwards(photo);
  await owner.sees(en.like("together-forward"));
  await owner.edits(comment, "Please send this");
  await owner.sends("Take the other one: text “Please send tihs”");
  await owner.sees(
    en("together-now", { post: en("post-name", { kind: en("kind-text"), opening: "Please send this" }) }),
  );
  await launches(owner);
  expect(telegram.messages(FIRST)[0]?.text).toBe("Please send this");
});
