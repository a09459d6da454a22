import { Api } from "grammy";
import type { ChatMember } from "grammy/types";
import { describe, expect, test } from "vitest";
import type { Group } from "../../playground/people/group.ts";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { NO_RIGHTS } from "../../src/audience/chats.ts";
import { addAdmin } from "../../src/access/admins.ts";
import { POSTS_SHOWN, postLines } from "../../src/bot/cards/chat-report.ts";
import { chatIn } from "../../src/bot/features/chats/add-chat.ts";
import { rightsOf } from "../../src/bot/features/chats/membership.ts";
import { loadWords } from "../../src/bot/ui/words.ts";
import { homeScope } from "../../src/db/scope.ts";
import { campaigns } from "../../src/db/schema.ts";
import { cardOf, dropUpdates, ownerOf, until, within } from "../support/broadcast.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { OWNER, OWNER_ID, TOKEN, localTelegram, running } from "../support/herald.ts";
import { range } from "../support/seed.ts";
import { en, inState } from "../support/words.ts";
import { scene, type Scene } from "../support/scene.ts";

interface Cast extends Scene {
  /** Somebody who has nothing to do with Herald. */
  stranger: Person;
}

/** A running Herald with an owner and `people` on its list; no chat is known yet. */
async function crew(people = 3): Promise<Cast> {
  const all = await scene(people, { rate: 200, ownerStays: true });
  const stranger = all.telegram.person({ id: 50, firstName: "Stan", languageCode: "en" });
  return { ...all, stranger };
}

/** Waits until Herald has heard of the bot's coming to a chat, or of what changed there, `times` times. */
async function noted({ herald }: Pick<Scene, "herald">, { id }: Group, times = 1): Promise<void> {
  const isOne = (line: string) => line.includes("a chat is noted") && line.includes(`"chat":${id},`);
  await until(() => herald.logged.filter(isOne).length >= times);
}

/** From /broadcast to the list of chats. */
async function opensChats(admin: Person, text = "Open today."): Promise<void> {
  await admin.sends("/broadcast");
  await admin.sees(en("post-ask"));
  await admin.sends(text);
  await admin.sees(en.like("audience-ask"));
  await admin.taps(en("audience-to-chats"));
  await admin.sees(en.like("chats-ask"));
}

/** From the list of chats, where one is chosen, to the review card. */
async function reviews(admin: Person): Promise<string> {
  await admin.taps(en("audience-continue"));
  return (await admin.sees(en.like("review-title"))).text ?? "";
}

/** From the review card to the report. */
async function sends(admin: Person, id = 1): Promise<void> {
  await admin.taps(en("button-send-now"));
  await admin.taps(en.opens("button-yes-send"));
  await until(() => inState("finished").test(cardOf(admin, id)?.text ?? ""), 15_000);
}

const postsIn = (telegram: Telegram, { id }: Group) => telegram.received(id).map(({ text }) => text);

describe("the bot is added to a chat", () => {
  test("by an admin, who is told; the chat can be chosen, and the post arrives there", async () => {
    const { telegram, owner } = await crew();
    const news = telegram.channel({ title: "News", username: "news", creator: owner });
    await owner.sees(en.like("chat-can-post", { title: "News" }));
    await opensChats(owner);
    expect(owner.buttons()).toEqual([
      ["News"],
      [en("chats-add"), en("chats-people")],
      [en("audience-continue")],
    ]);
    expect(await owner.taps("News")).toMatchObject({
      text: en("chats-not-people"),
    });
    await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 1 }) }));
    expect(owner.buttons()[0]).toEqual(["✅ News"]);
    const card = await reviews(owner);
    expect(card).toContain(
      `${en("review-to", { audience: "News", people: en("audience-chats", { count: 1 }), left: "none" })}\n`,
    );
    expect(card).not.toMatch(en.like("review-takes"));
    await owner.taps(en("button-send-now"));
    await owner.sees(en("confirm-ask", { id: 1, people: en("audience-chats", { count: 1 }) }));
    await owner.taps(en("button-yes-send", { count: 1 }));
    await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 15_000);
    expect(postsIn(telegram, news)).toEqual(["Open today."]);
    // Besides there, only the preview.
    const copies = telegram.counts(({ text }) => text === "Open today.");
    expect(copies).toEqual(
      new Map([
        [OWNER_ID, 1],
        [news.id, 1],
      ]),
    );
  });

  test("without the right to post: the admin is told, and again when it has it", async () => {
    const { telegram, owner } = await crew();
    const news = telegram.channel({ title: "News", creator: owner, bot: "left" });
    await news.adds("administrator", { can_post_messages: false });
    await owner.sees(en.like("chat-cannot-post", { title: "News" }));
    await opensChats(owner);
    await owner.sees(en("chats-note-no-right"));
    expect(await owner.taps("⛔ News")).toMatchObject({
      show_alert: true,
      text: expect.stringContaining("Make me an administrator there with the right to post") as string,
    });
    expect((await owner.taps(en("audience-continue"))).text).toContain(en("chats-nothing"));
    await news.limits({ can_post_messages: true });
    await owner.sees(en.like("chat-can-post", { title: "News" }));
    await owner.taps("⛔ News"); // the old button; what counts is what Telegram says now
    await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 1 }) }));
  });

  test("by a stranger: nobody is bothered, and it is noted all the same", async () => {
    const all = await crew();
    const { telegram, owner, stranger } = all;
    const before = owner.holds.length;
    const team = telegram.group({ title: "Team", creator: stranger, members: [owner] });
    await noted(all, team);
    expect(owner.holds.length).toBe(before);
    expect(telegram.received(stranger.id)).toEqual([]);
    await opensChats(owner);
    await owner.sees(en("chats-empty"));
    await team.promotes(owner);
    await owner.taps(en("chats-people"));
    await owner.sees(en.like("audience-ask", { people: en("people", { count: 4 }) }));
  });

  test("it never says a word there", async () => {
    const all = await crew();
    const { telegram, owner, stranger } = all;
    const team = telegram.group({ title: "Team", creator: owner, members: [stranger], isForum: true });
    await noted(all, team);
    for (const words of ["/start", "/broadcast", "/nonsense", "/status@herald_bot", "Hello", "/cancel"])
      for (const person of [owner, stranger]) await person.sends(words, { in: team });
    const topic = await team.createsTopic(owner, "Offers");
    await stranger.sends("/campaigns", { in: team, topic });
    await telegram.channel({ title: "News", creator: owner }).posts("/start");
    await owner.sees(en.like("chat-can-post", { title: "News" }));
    await owner.sends("/status");
    await owner.sees(en.like("status-up"));
    expect(telegram.received(team.id)).toEqual([]);
    expect(telegram.received(stranger.id)).toEqual([]);
  });

  test("and thrown out again: the chat is gone from the list", async () => {
    const all = await crew();
    const { telegram, owner } = all;
    const news = telegram.channel({ title: "News", creator: owner });
    const team = telegram.group({ title: "Team", creator: owner });
    await noted(all, team);
    await news.kicks();
    await noted(all, news, 2);
    await opensChats(owner);
    expect(owner.buttons().flat()).not.toContain("News");
    expect(owner.buttons()[0]).toEqual(["Team"]);
    await news.adds("administrator");
    await owner.sees(en.like("chat-can-post", { title: "News" }));
  });

  test("and thrown out while Herald was not running: a tap finds out", async () => {
    const all = await crew();
    const { telegram, owner } = all;
    const team = telegram.group({ title: "Team", creator: owner });
    await owner.sees(en.like("chat-can-post", { title: "Team" }));
    await opensChats(owner);
    team.place.bot = { status: "kicked" }; // without an update
    expect((await owner.taps("Team")).text).toMatch(en.like("chats-gone", { title: "Team" }));
    await owner.sees(en("chats-empty"));
    expect(owner.buttons().flat()).not.toContain("Team");
  });
});

test("a chosen chat that is out of reach can be taken back", async () => {
  const all = await crew();
  const { telegram, owner } = all;
  const news = telegram.channel({ title: "News", creator: owner });
  const square = telegram.group({ title: "Square", creator: owner, isForum: true });
  await noted(all, square);
  await opensChats(owner);
  await owner.taps("News");
  await owner.taps("Square…");
  await owner.taps(en("topics-general"));
  await owner.taps(en("button-back"));
  await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 2 }) }));
  await news.kicks();
  await square.kicks();
  await noted(all, square, 2);
  expect((await owner.taps(en("audience-continue"))).text).toContain(en("chats-none-usable"));
  await owner.sees(en("chats-note-no-right"));
  expect(owner.buttons().slice(0, 2)).toEqual([["✅ ⛔ News"], ["✅ ⛔ Square… · 1"]]);
  await owner.taps(/Square/);
  await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 1 }) }));
  await owner.taps("News");
  await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 0 }) }));
  expect(owner.buttons()).toEqual([[en("chats-add"), en("chats-people")], [en("audience-continue")]]);
});

describe("only administrators of a chat may send to it", () => {
  test("an owner of Herald who is none does not see it", async () => {
    const all = await crew();
    const { telegram, owner, stranger } = all;
    await noted(all, telegram.channel({ title: "Foreign", creator: stranger, members: [owner] }));
    await noted(all, telegram.group({ title: "Guests", creator: stranger, members: [owner] }));
    await noted(all, telegram.group({ title: "Ours", creator: stranger, admins: [owner] }));
    await opensChats(owner);
    expect(owner.buttons()).toEqual([
      ["Ours"],
      [en("chats-add"), en("chats-people")],
      [en("audience-continue")],
    ]);
  });

  test("in a channel those who may post there themselves", async () => {
    const all = await crew();
    const { telegram, owner, stranger } = all;
    const news = telegram.channel({ title: "News", creator: stranger });
    await news.promotes(owner, { can_post_messages: false });
    await noted(all, news);
    await opensChats(owner);
    await owner.sees(en("chats-empty"));
  });

  test("whoever is none any more when an old button is tapped is refused", async () => {
    const all = await crew();
    const { telegram, owner, stranger } = all;
    const ours = telegram.group({ title: "Ours", creator: stranger, admins: [owner] });
    await noted(all, ours);
    await opensChats(owner);
    await ours.demotes(owner);
    expect((await owner.taps("Ours")).text).toBe(en("chats-no-admin", { title: "Ours", kind: "other" }));
    await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 0 }) }));
  });

  test("when they are none any more at the confirmation, nothing is sent and the chat is named", async () => {
    const all = await crew();
    const { telegram, owner, stranger } = all;
    const news = telegram.channel({ title: "News", creator: owner });
    const ours = telegram.group({ title: "Ours", creator: stranger, admins: [owner] });
    await noted(all, ours);
    await opensChats(owner);
    await owner.taps("News");
    await owner.taps("Ours");
    expect(await reviews(owner)).toMatch(
      en.like("review-to", { audience: "News, Ours", people: en("audience-chats", { count: 2 }) }),
    );
    await owner.taps(en("button-send-now"));
    await owner.sees(en.like("confirm-ask", { people: en("audience-chats", { count: 2 }) }));
    await ours.demotes(owner);
    await owner.taps(en("button-yes-send", { count: 2 }));
    await owner.sees("Nothing was sent:\n· Ours: you are not an administrator there with the right to post.");
    await owner.sees(en("review-title", { id: 1 }));
    expect([postsIn(telegram, news), postsIn(telegram, ours)]).toEqual([[], []]);
    await owner.taps(en("button-audience"));
    await owner.taps("✅ Ours");
    await reviews(owner);
    await sends(owner);
    expect([postsIn(telegram, news), postsIn(telegram, ours)]).toEqual([["Open today."], []]);
  });

  test("another admin cannot send a draft to chats that are not theirs", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const owner = ownerOf(telegram);
    const other = telegram.person({ id: 2, firstName: "Otto", languageCode: "en", started: true });
    const database = await freshLocation();
    await within(database, async ({ db }) => {
      await addAdmin(homeScope(db, BOT_ID), OWNER, { userId: other.id, name: "Otto" });
    });
    await running(telegram, { database });
    const news = telegram.channel({ title: "News", creator: owner });
    await owner.sees(en.like("chat-can-post", { title: "News" }));
    await opensChats(owner);
    await owner.taps("News");
    await reviews(owner);
    await other.sends("/campaign 1");
    await other.sees(en.like("review-to", { audience: "News", people: en("audience-chats", { count: 1 }) }));
    await other.taps(en("button-send-now"));
    await other.taps(en("button-yes-send", { count: 1 }));
    await other.sees(en("chats-fault-no-admin", { title: "News" }));
    expect(postsIn(telegram, news)).toEqual([]);
  });
});

test("the bot's right to post lost between choice and confirmation is named", async () => {
  const all = await crew();
  const { telegram, owner } = all;
  const news = telegram.channel({ title: "News", creator: owner });
  const team = telegram.group({ title: "Team", creator: owner });
  await noted(all, team);
  await opensChats(owner);
  await owner.taps("News");
  await owner.taps("Team");
  await reviews(owner);
  await owner.taps(en("button-send-now"));
  await owner.sees(en.like("confirm-ask", { people: en("audience-chats", { count: 2 }) }));
  await team.permits({ can_send_messages: false }); // no update tells of that
  await owner.taps(en("button-yes-send", { count: 2 }));
  await owner.sees(en("chats-fault-no-right", { title: "Team" }));
  await owner.sees(
    en("review-to", {
      audience: "News, Team",
      people: en("audience-chats", { count: 1 }),
      left: en("review-chats-left", { count: 1 }),
    }),
  );
  await team.permits({ can_send_messages: true });
  await owner.taps(en("button-audience"));
  await owner.taps("✅ Team");
  await owner.taps("⛔ Team");
  expect(await reviews(owner)).toMatch(
    en.like("review-to", { audience: "News, Team", people: en("audience-chats", { count: 2 }) }),
  );
  await sends(owner);
  expect([postsIn(telegram, news), postsIn(telegram, team)]).toEqual([["Open today."], ["Open today."]]);
});

test("people and chats do not mix: a switch says so and clears the other choice", async () => {
  const { telegram, owner } = await crew();
  telegram.channel({ title: "News", creator: owner });
  await owner.sees(en.like("chat-can-post", { title: "News" }));
  await opensChats(owner);
  expect((await owner.taps(en("audience-continue"))).text).toContain(en("chats-nothing")); // whatever languages are
  await owner.taps(en("chats-people"));
  await owner.sees(en.like("audience-ask", { people: en("people", { count: 4 }) })); // a look alone has cleared nothing
  await owner.taps(en("audience-to-chats"));
  await owner.taps("News");
  await reviews(owner);
  await owner.taps(en("button-options"));
  await owner.taps(en("option-pin"));
  await owner.taps(en("button-back"));
  await owner.sees(en("review-options", { options: en("option-is-pin") }));
  await owner.taps(en("button-audience"));
  await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 1 }) }));
  expect((await owner.taps(en("chats-people"))).text).toContain(en("chats-cleared"));
  await owner.sees(en.like("audience-ask", { people: en("people", { count: 0 }) }));
  expect((await owner.taps(en("audience-continue"))).text).toContain(en("audience-nobody"));
  await owner.taps(en.opens("audience-all"));
  await owner.taps(en("audience-continue"));
  const card = await owner.sees(
    en.like("review-to", { audience: en("audience-all"), people: en("people", { count: 4 }) }),
  );
  expect(card.text).toContain(en("review-options", { options: en("option-is-pin") }));
});

describe("topics of a forum", () => {
  test("are chosen by name, several too, and the post arrives in them", async () => {
    const all = await crew();
    const { telegram, owner, stranger } = all;
    const square = telegram.group({ title: "Square", creator: owner, members: [stranger], isForum: true });
    await noted(all, square);
    const offers = await square.createsTopic(owner, "Offers");
    const talk = await square.createsTopic(owner, "Talk");
    await square.renamesTopic(owner, talk, "Chat");
    await square.closesTopic(owner, offers);
    await opensChats(owner);
    await owner.taps("Square…");
    await owner.sees(en.like("topics-ask", { title: "Square" }));
    await until(async () => {
      await owner.taps(en("button-back"));
      await owner.taps("Square…");
      return owner.buttons().flat().includes("🔒 Offers") && owner.buttons().flat().includes("Chat");
    });
    expect(owner.buttons()).toEqual([[en("topics-general")], ["🔒 Offers"], ["Chat"], [en("button-back")]]);
    expect((await owner.taps("Offers")).text).toMatch(en.like("topics-closed", { topic: "Offers" }));
    await owner.taps(en("topics-general"));
    await owner.taps("Chat");
    expect(owner.buttons()).toEqual([
      [`✅ ${en("topics-general")}`],
      ["🔒 Offers"],
      ["✅ Chat"],
      [en("button-back")],
    ]);
    await owner.taps(en("button-back"));
    await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 2 }) }));
    expect(owner.buttons()[0]).toEqual(["✅ Square… · 2"]);
    expect(await reviews(owner)).toMatch(en.like("review-to", { audience: "Square, Square (Chat)" }));
    await sends(owner);
    const threads = telegram.received(square.id).map(({ message_thread_id: thread }) => thread);
    expect(new Set(threads)).toEqual(new Set([talk.message_thread_id, undefined]));
    expect(threads.length).toBe(2);
  });

  test("closed between choice and confirmation is named", async () => {
    const all = await crew();
    const { telegram, owner } = all;
    const square = telegram.group({ title: "Square", creator: owner, isForum: true });
    await noted(all, square);
    const offers = await square.createsTopic(owner, "Offers");
    await opensChats(owner);
    await owner.taps("Square…");
    await owner.taps("Offers");
    await owner.taps(en("button-back"));
    await reviews(owner);
    await owner.taps(en("button-send-now"));
    await square.closesTopic(owner, offers);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await owner.taps(en.opens("button-yes-send"));
    await owner.sees(en.like("chats-fault-closed", { title: "Square", topic: "Offers" }));
    expect(telegram.received(square.id)).toEqual([]);
  });

  test("from before the bot came are heard of in passing, or named by their link", async () => {
    const all = await crew();
    const { telegram, owner, stranger } = all;
    const square = telegram.group({ title: "Square", creator: owner, members: [stranger], isForum: true });
    const [old, silent] = [square.topic("Old"), square.topic("Silent")];
    await noted(all, square);
    await stranger.sends("/help@herald_bot", { in: square, topic: old });
    await opensChats(owner);
    await until(async () => {
      await owner.taps("Square…");
      const shown = owner.buttons().flat().includes("Old");
      if (!shown) await owner.taps(en("button-back"));
      return shown;
    });
    await owner.sends("the silent one");
    await owner.sees(en("topics-no-link"));
    const link = `https://t.me/c/${String(square.id).slice(4)}/${silent.message_thread_id}`;
    await owner.sends(link);
    await owner.sees(en.like("topics-ask", { title: "Square" }));
    expect(owner.buttons()).toEqual([
      [en("topics-general")],
      ["Old"],
      [`✅ #${silent.message_thread_id}`],
      [en("button-back")],
    ]);
  });
});

/** A channel to which the bot was added while Herald did not run and for so long that Telegram forgot to tell. */
async function forgotten(facts: Parameters<Telegram["channel"]>[0] = {}, asChannel = true) {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  await new Api(TOKEN, { apiRoot: telegram.apiRoot }).getMe();
  const room = telegram.group({
    title: "News",
    creator: owner,
    type: asChannel ? "channel" : "supergroup",
    ...facts,
  });
  await dropUpdates(telegram);
  await running(telegram, {});
  await opensChats(owner);
  await owner.sees(en("chats-empty"));
  return { telegram, owner, room };
}

describe("a chat that the bot has not heard of", () => {
  test("is added by a forwarded post", async () => {
    const { telegram, owner, room } = await forgotten();
    await owner.forwards(await room.posts("Continue")); // a label, but nothing that the admin said
    await owner.sees(en.like("chats-added", { title: "News" }));
    await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 1 }) }));
    await reviews(owner);
    await sends(owner);
    expect(postsIn(telegram, room)).toEqual(["Open today."]);
  });

  test("is added once by the parts of a forwarded album", async () => {
    const { owner, room } = await forgotten();
    const origin = { type: "channel" as const, chat: room.chat as never, message_id: 1, date: 1 };
    await owner.sendsAlbum([{ photo: true }, { photo: true }], { forward_origin: origin });
    await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 1 }) }));
    await owner.sends("@news");
    await owner.sees(en("chats-not-in"));
    expect(
      owner.holds.filter(({ text }) => en.opens("chats-added", { title: "News" }).test(text ?? "")).length,
    ).toBe(1);
  });

  test.each(["@news", "@News", "t.me/news", "https://t.me/news/12?single"])(
    "is added by %s",
    async (text) => {
      const { owner } = await forgotten({ username: "news" });
      await owner.sends(text);
      await owner.sees(en.like("chats-added", { title: "News" }));
      await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 1 }) }));
    },
  );

  test("is not added when the admin is no administrator there, or the bot may not post", async () => {
    const { telegram, owner, room } = await forgotten({ username: "news" });
    const stranger = telegram.person({ id: 50, firstName: "Stan" });
    telegram.channel({ title: "Foreign", username: "foreign", creator: stranger, members: [owner] });
    telegram.channel({ title: "Elsewhere", username: "elsewhere", creator: owner, bot: "left" });
    await owner.sends("@foreign");
    await owner.sees(en.like("chats-no-admin", { title: "Foreign" }));
    await owner.sends("@elsewhere");
    await owner.sees(en("chats-not-in"));
    await owner.sends("@nobody_at_all");
    await owner.sees(en("chats-not-in"));
    await room.limits({ can_post_messages: false });
    await owner.sends("@news");
    await owner.sees(en.like("chats-no-right", { title: "News" }));
    await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 0 }) }));
    await owner.forwards(await owner.sends("Mine"));
    await owner.sees(en("chats-forward-of-person"));
  });

  test("is chosen with Telegram's picker, which brings the bot there", async () => {
    const { telegram, owner, room } = await forgotten();
    const other = telegram.channel({ title: "Other", creator: owner, bot: "left" });
    await owner.taps(en("chats-add"));
    await owner.sees(en("chats-add-how"));
    await owner.sharesChat(1, other);
    await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 1 }) }));
    await owner.taps(en("chats-add"));
    await owner.sees(en("chats-add-how"));
    await owner.sharesChat(1, room);
    await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 2 }) }));
    expect(owner.buttons().slice(0, 2)).toEqual([["✅ News"], ["✅ Other"]]);
  });

  test.each([
    ["a chat chosen and Continue", ["Mine", "Continue"], "To: Mine → 1 chat"],
    ["People instead", ["People instead"], "who should receive it?"],
    ["People instead, typed", "people instead", "who should receive it?"],
    ["a search", "min", "Found for “min”: 1"],
    ["another broadcast", "/broadcast", "Send me the post"],
    ["/cancel", "/cancel", "Cancelled"],
  ] as const)("the picker goes with whatever leaves it: %s", async (_, way, next) => {
    const all = await crew();
    const { telegram, owner } = all;
    await noted(all, telegram.group({ title: "Mine", creator: owner }));
    await opensChats(owner);
    await owner.taps(en("chats-add"));
    await owner.sees(en("chats-add-how"));
    expect(owner.place.keyboard).not.toBeNull();
    if (typeof way === "string") await owner.sends(way);
    else for (const label of way) await owner.taps(label);
    await owner.sees(next);
    const strays = () => owner.holds.some(({ text }) => text?.includes(en("chats-picker-away")));
    await until(() => owner.place.keyboard === null && !strays());
  });

  test("the picker goes when the draft is gone meanwhile", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const owner = ownerOf(telegram);
    const database = await freshLocation();
    await running(telegram, { database });
    await opensChats(owner);
    await owner.taps(en("chats-add"));
    await owner.sees(en("chats-add-how"));
    await within(database, ({ db }) => db.delete(campaigns));
    await owner.taps(en("chats-people"));
    await until(() => owner.place.keyboard === null);
  });

  test("may be a group", async () => {
    const { owner, room } = await forgotten({ title: "Team" }, false);
    await owner.taps(en("chats-add"));
    await owner.sees(en("chats-add-how"));
    await owner.sharesChat(2, room);
    await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 1 }) }));
  });
});

test("a group that becomes a supergroup stays chosen and in the list", async () => {
  const all = await crew();
  const { telegram, owner } = all;
  const team = telegram.group({ title: "Team", creator: owner, type: "group" });
  await noted(all, team);
  await opensChats(owner);
  await owner.taps("Team");
  const moved = await team.migrates();
  await until(() => all.herald.logged.some((line) => line.includes("a group became a supergroup")));
  expect(await reviews(owner)).toMatch(
    en.like("review-to", { audience: "Team", people: en("audience-chats", { count: 1 }) }),
  );
  await sends(owner);
  expect(postsIn(telegram, moved)).toEqual(["Open today."]);
  await opensChats(owner);
  expect(owner.buttons()[0]).toEqual(["Team"]);
});

test("a new title is taken over", async () => {
  const all = await crew();
  const { telegram, owner } = all;
  const team = telegram.group({ title: "Team", creator: owner });
  await noted(all, team);
  team.place.chat.title = "Crew";
  await owner.sends({ raw: { new_chat_title: "Crew" } }, { in: team });
  await opensChats(owner);
  await owner.sees(en.like("chats-ask"));
  expect(owner.buttons()[0]).toEqual(["Crew"]);
});

async function thirty() {
  const all = await crew();
  const { telegram, owner } = all;
  const groups = range(1, 30).map((number) =>
    telegram.group({
      title: `Group ${String(number).padStart(2, "0")}`,
      creator: owner,
      ...(number === 25 && { username: "quarter" }),
    }),
  );
  for (const group of groups) await noted(all, group);
  await opensChats(owner);
  return { ...all, groups };
}
const titles = (owner: Person) =>
  owner
    .buttons()
    .flat()
    .filter((label) => /Group \d/.test(label));

describe("thirty chats", () => {
  test("are shown in pages of eight, and asked about once in a while", async () => {
    const { telegram, owner } = await thirty();
    expect(titles(owner)).toEqual(range(1, 8).map((number) => `Group 0${number}`));
    await owner.sees(en("chats-note-search"));
    await owner.taps("Group 02");
    const asked = () => telegram.calls.filter(({ method }) => method === "getChatMember").length;
    const before = asked();
    for (let page = 2; page <= 4; page += 1) await owner.taps(en("chats-next"));
    expect(titles(owner)).toEqual(["Group 25", "Group 26", "Group 27", "Group 28", "Group 29", "Group 30"]);
    expect(owner.buttons().flat()).not.toContain(en("chats-next"));
    await owner.taps("Group 30");
    expect(titles(owner).at(-1)).toBe("✅ Group 30");
    expect(asked() - before).toBeLessThanOrEqual(4);
    await owner.taps(en("chats-previous"));
    expect(titles(owner)[0]).toBe("Group 17");
    expect(await reviews(owner)).toMatch(
      en.like("review-to", { audience: "Group 02, Group 30", people: en("audience-chats", { count: 2 }) }),
    );
  });

  test("are searched by typing a part of a title or name", async () => {
    const { owner } = await thirty();
    await owner.sends("group 1");
    await owner.sees(en("chats-found", { query: "group 1", count: 10 }));
    expect(titles(owner).length).toBe(8);
    await owner.taps(en("chats-next"));
    expect(titles(owner)).toEqual(["Group 18", "Group 19"]);
    await owner.taps("Group 19");
    await owner.sees(en("chats-found", { query: "group 1", count: 10 }));
    expect(titles(owner)).toEqual(["Group 18", "✅ Group 19"]);
    await owner.sends("quarter");
    await owner.sees(en("chats-found", { query: "quarter", count: 1 }));
    await owner.sends("Group 25"); // a label may be typed, too
    await owner.sees(en.like("chats-ask", { chats: en("audience-chats", { count: 2 }) }));
    await owner.sends("no such");
    await owner.sees(en("chats-found", { query: "no such", count: 0 }));
    await owner.taps(en("chats-all"));
    expect(titles(owner)[0]).toBe("Group 01");
  });

  test("many chosen are named up to three, the rest are counted", async () => {
    const { owner } = await thirty();
    for (const label of ["Group 01", "Group 02", "Group 03", "Group 04", "Group 05"]) await owner.taps(label);
    expect(await reviews(owner)).toMatch(
      en.like("review-to", {
        audience: "Group 01, Group 02, Group 03 and 2 more",
        people: en("audience-chats", { count: 5 }),
      }),
    );
  });
});

test("the number that is typed counts chats", async () => {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  await running(telegram, { confirmTypedFrom: 2 });
  telegram.channel({ title: "News", creator: owner });
  const team = telegram.group({ title: "Team", creator: owner });
  await owner.sees(en.like("chat-can-post", { title: "Team" }));
  await opensChats(owner);
  await owner.taps("News");
  await owner.taps("Team");
  await reviews(owner);
  await owner.taps(en("button-send-now"));
  await owner.sees(en.like("confirm-type", { id: 1, people: en("audience-chats", { count: 2 }), number: 2 }));
  await owner.sends("2");
  await until(() => postsIn(telegram, team).length === 1);
});

async function atOptions() {
  const all = await crew();
  const { telegram, owner } = all;
  const news = telegram.channel({ title: "News", creator: owner });
  await owner.sees(en.like("chat-can-post", { title: "News" }));
  await opensChats(owner);
  await owner.taps("News");
  await reviews(owner);
  await owner.taps(en("button-options"));
  await owner.sees(en.like("options-ask", { id: 1 }));
  return { ...all, news };
}

describe("options", () => {
  test("are set by taps, named on the review card, and used", async () => {
    const { telegram, owner, news } = await atOptions();
    expect(owner.buttons()).toEqual([
      [en("option-silent"), en("option-protect")],
      [en("option-noPreview"), en("option-forward")],
      [en("option-pin"), en("option-delete")],
      [en("button-back")],
    ]);
    await owner.sees(en("options-note-comments"));
    for (const label of ["Silent", "Protect content", "Pin"]) await owner.taps(label);
    await owner.taps(en("option-delete"));
    expect(owner.buttons()).toEqual([
      ["1 h", "6 h", "12 h", "24 h", "47 h"],
      [en("option-never"), en("button-back")],
    ]);
    await owner.taps("24 h");
    expect(owner.buttons()).toEqual([
      [`✅ ${en("option-silent")}`, `✅ ${en("option-protect")}`],
      [en("option-noPreview"), en("option-forward")],
      [`✅ ${en("option-pin")}`, `✅ ${en("option-delete")} · 24 h`],
      [en("button-back")],
    ]);
    await owner.taps(en("button-back"));
    await owner.sees(en("review-options", { options: "silent, protected, pinned, deleted after 24 h" }));
    telegram.clearRecords();
    await owner.taps(en("button-test"));
    expect(telegram.calls.filter(({ method }) => method === "pinChatMessage")).toEqual([]);
    expect(telegram.calls.find(({ method }) => method === "sendMessage")?.options).toEqual({
      disable_notification: true,
      protect_content: true,
    });
    await sends(owner);
    expect(telegram.received(news.id)[0]).toMatchObject({
      text: "Open today.",
      has_protected_content: true,
    });
  });

  test("are switched off again, and hours can be typed", async () => {
    const { owner } = await atOptions();
    await owner.taps(en("option-silent"));
    await owner.taps(`✅ ${en("option-silent")}`);
    await owner.taps(en("option-delete"));
    await owner.sends("48");
    await owner.sees(en.like("lifetime-wrong", { most: 47 }));
    await owner.sends("36 h");
    await owner.sees(en.like("options-ask", { id: 1 }));
    expect(owner.buttons()[2]).toEqual([en("option-pin"), `✅ ${en("option-delete")} · 36 h`]);
    await owner.sends("Back");
    await owner.sees(en("review-options", { options: en("option-is-deleted", { hours: 36 }) }));
    await owner.taps(en("button-options"));
    await owner.taps(`${en("option-delete")} · 36 h`);
    await owner.taps(en("option-never"));
    await owner.taps(en("button-back"));
    expect((await owner.sees(en("review-title", { id: 1 }))).text).not.toMatch(en.like("review-options"));
  });

  test("say where the bot may not do what they ask for, and stay when the post is changed", async () => {
    const { owner, news } = await atOptions();
    await news.limits({ can_edit_messages: false });
    await owner.taps(en("option-pin"));
    await until(async () => {
      await owner.taps(en("button-back"));
      await owner.taps(en("button-options"));
      return owner.shows().includes(en("options-cannot-pin", { chats: "News" }));
    });
    await owner.taps(en("button-back"));
    await owner.taps(en("button-edit-post"));
    await owner.sends("Another.");
    await owner.sees(en("review-options", { options: en("option-is-pin") }));
  });
});

test("in Russian", async () => {
  const telegram = await localTelegram({ limits: "none" });
  const owner = telegram.person({ id: 2, firstName: "Оля", languageCode: "ru", started: true });
  await running(telegram, { ownerIds: [2] });
  await owner.sends("/start");
  await owner.sees("Здравствуйте");
  telegram.channel({ title: "Новости", creator: owner });
  await owner.sees("Теперь я могу писать в «Новости»");
  await owner.sends("/broadcast");
  await owner.sends("Привет!");
  await owner.sees("кому отправить?");
  await owner.taps("Каналы и группы…");
  await owner.taps("Новости");
  await owner.taps("Продолжить");
  await owner.sees("Кому: Новости → 1 чат");
  await owner.taps("Параметры…");
  await owner.taps("Без звука");
  await owner.taps("Назад");
  await owner.sees("Параметры: без звука");
});

test.each([
  ["@news", { chat: "@news" }],
  ["t.me/news", { chat: "@news" }],
  ["https://t.me/news/12", { chat: "@news", thread: 12 }],
  ["https://telegram.me/news?x=1", { chat: "@news" }],
  ["http://t.me/c/1234567890/15/16", { chat: -1001234567890, thread: 15 }],
  ["https://t.me/c/1234567890", { chat: -1001234567890 }],
  ["@abc", null],
  ["news", null],
  ["see @news", null],
  ["https://t.me/+AbCdEf", null],
  ["https://t.me/joinchat/AbCdEf", null],
  ["https://example.com/news", null],
  ["", null],
])("the chat in “%s”", (text, expected) => {
  expect(chatIn(text)).toEqual(expected);
});

describe("what the bot may do", () => {
  const user = { id: 1, is_bot: true, first_name: "Bot" };
  const administrator = (rights: Record<string, boolean>) =>
    ({ status: "administrator", user, can_delete_messages: false, ...rights }) as unknown as ChatMember;

  test.each([
    ["thrown out", "channel", { status: "kicked", user, until_date: 0 }, undefined, NO_RIGHTS],
    [
      "a member of a group",
      "group",
      { status: "member", user },
      undefined,
      { present: true, post: true, pin: false, delete: true, topics: false },
    ],
    [
      "a member of a group where members may not write",
      "supergroup",
      { status: "member", user },
      { can_send_messages: false },
      { present: true, post: false, pin: false, delete: true, topics: false },
    ],
    [
      "an administrator of a channel who posts",
      "channel",
      administrator({ can_post_messages: true }),
      undefined,
      { present: true, post: true, pin: false, delete: true, topics: false },
    ],
    [
      "an administrator of a channel who only edits",
      "channel",
      administrator({ can_edit_messages: true }),
      undefined,
      { present: true, post: false, pin: true, delete: false, topics: false },
    ],
    [
      "an administrator of a group, whatever its members may",
      "supergroup",
      administrator({ can_pin_messages: true, can_manage_topics: true }),
      { can_send_messages: false },
      { present: true, post: true, pin: true, delete: true, topics: true },
    ],
    [
      "restricted to silence",
      "supergroup",
      { status: "restricted", user, is_member: true, can_send_messages: false } as unknown as ChatMember,
      undefined,
      { present: true, post: false, pin: false, delete: true, topics: false },
    ],
    [
      "restricted and gone",
      "supergroup",
      { status: "restricted", user, is_member: false, can_send_messages: true } as unknown as ChatMember,
      undefined,
      NO_RIGHTS,
    ],
  ] as const)("as %s", (_, type, member, permissions, expected) => {
    expect(rightsOf(type, member as ChatMember, permissions)).toEqual(expected);
  });
});

test("the report leads to the posts, the first of many", () => {
  const t = loadWords()("en");
  const news = { title: "News", link: "https://t.me/news/12" };
  expect(postLines(t, [news, { title: "Team", link: null }])).toEqual([
    "· News: https://t.me/news/12",
    "· Team",
  ]);
  const many = postLines(
    t,
    range(1, POSTS_SHOWN + 2).map(() => news),
    POSTS_SHOWN + 5,
  );
  expect(many.length).toBe(POSTS_SHOWN + 1);
  expect(many.at(-1)).toBe(en("posts-more", { count: 5 }));
  expect(postLines(t, [])).toEqual([]);
});
