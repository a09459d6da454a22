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
import { cardOf, dropUpdates, ownerOf, register, until, within } from "../support/broadcast.ts";
import { BOT_ID, emptyLocation } from "../support/database.ts";
import { OWNER, OWNER_ID, TOKEN, localTelegram, running, type Running } from "../support/herald.ts";
import { range } from "../support/seed.ts";

interface Scene {
  telegram: Telegram;
  owner: Person;
  herald: Running;
  /** Somebody who has nothing to do with Herald. */
  stranger: Person;
}

/** A running Herald with an owner and `people` on its list; no chat is known yet. */
async function scene(people = 3): Promise<Scene> {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  const stranger = telegram.person({ id: 50, firstName: "Stan", languageCode: "en" });
  const database = await emptyLocation();
  telegram.people(people, { firstId: 100_000 });
  await register(database, range(100_000, 99_999 + people));
  const herald = await running(telegram, { database, messagesPerSecond: 200 });
  return { telegram, owner, herald, stranger };
}

/** Waits until Herald has heard of the bot's coming to a chat, or of what changed there, `times` times. */
async function noted({ herald }: Scene, { id }: Group, times = 1): Promise<void> {
  const isOne = (line: string) => line.includes("a chat is noted") && line.includes(`"chat":${id},`);
  await until(() => herald.logged.filter(isOne).length >= times);
}

/** From /broadcast to the list of chats. */
async function opensChats(admin: Person, text = "Open today."): Promise<void> {
  await admin.sends("/broadcast");
  await admin.sees("Send me the post");
  await admin.sends(text);
  await admin.sees("who should receive it?");
  await admin.taps("Channels & groups…");
  await admin.sees("which channels and groups");
}

/** From the list of chats, where one is chosen, to the review card. */
async function reviews(admin: Person): Promise<string> {
  await admin.taps("Continue");
  return (await admin.sees(/Campaign #\d+ · draft/)).text ?? "";
}

/** From the review card to the report. */
async function sends(admin: Person, id = 1): Promise<void> {
  await admin.taps("Send now");
  await admin.taps(/^Yes, send to/);
  await until(() => cardOf(admin, id)?.text?.includes("finished") ?? false, 15_000);
}

const postsIn = (telegram: Telegram, { id }: Group) => telegram.received(id).map(({ text }) => text);

describe("the bot is added to a chat", () => {
  test("by an admin, who is told; the chat can be chosen, and the post arrives there", async () => {
    const { telegram, owner } = await scene();
    const news = telegram.channel({ title: "News", username: "news", creator: owner });
    await owner.sees("I can post to “News” now");
    await opensChats(owner);
    expect(owner.buttons()).toEqual([["News"], ["Add a chat…", "People instead"], ["Continue"]]);
    expect(await owner.taps("News")).toMatchObject({
      text: "A campaign goes to people or to chats: the languages have been cleared.",
    });
    await owner.sees("Chosen: 1 chat");
    expect(owner.buttons()[0]).toEqual(["✅ News"]);
    const card = await reviews(owner);
    expect(card).toContain("To: News → 1 chat\n");
    expect(card).not.toContain("Takes about");
    await owner.taps("Send now");
    await owner.sees("Send campaign #1 to 1 chat now?");
    await owner.taps("Yes, send to 1");
    await until(() => cardOf(owner)?.text?.includes("finished") ?? false, 15_000);
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
    const { telegram, owner } = await scene();
    const news = telegram.channel({ title: "News", creator: owner, bot: "left" });
    await news.adds("administrator", { can_post_messages: false });
    await owner.sees("I am in “News”, but I lack the right to post there");
    await opensChats(owner);
    await owner.sees("⛔ Nothing can be posted there now");
    expect(await owner.taps("⛔ News")).toMatchObject({
      show_alert: true,
      text: expect.stringContaining("Make me an administrator there with the right to post") as string,
    });
    expect((await owner.taps("Continue")).text).toContain("No chat is chosen");
    await news.limits({ can_post_messages: true });
    await owner.sees("I can post to “News” now");
    await owner.taps("⛔ News"); // the old button; what counts is what Telegram says now
    await owner.sees("Chosen: 1 chat");
  });

  test("by a stranger: nobody is bothered, and it is noted all the same", async () => {
    const all = await scene();
    const { telegram, owner, stranger } = all;
    const before = owner.holds.length;
    const team = telegram.group({ title: "Team", creator: stranger, members: [owner] });
    await noted(all, team);
    expect(owner.holds.length).toBe(before);
    expect(telegram.received(stranger.id)).toEqual([]);
    await opensChats(owner);
    await owner.sees("I know of no channel or group where you are an administrator");
    await team.promotes(owner);
    await owner.taps("People instead");
    await owner.sees("Chosen: 4 people");
  });

  test("it never says a word there", async () => {
    const all = await scene();
    const { telegram, owner, stranger } = all;
    const team = telegram.group({ title: "Team", creator: owner, members: [stranger], isForum: true });
    await noted(all, team);
    for (const words of ["/start", "/broadcast", "/nonsense", "/status@herald_bot", "Hello", "/cancel"])
      for (const person of [owner, stranger]) await person.sends(words, { in: team });
    const topic = await team.createsTopic(owner, "Offers");
    await stranger.sends("/campaigns", { in: team, topic });
    await telegram.channel({ title: "News", creator: owner }).posts("/start");
    await owner.sees("I can post to “News” now");
    await owner.sends("/status");
    await owner.sees("Up for");
    expect(telegram.received(team.id)).toEqual([]);
    expect(telegram.received(stranger.id)).toEqual([]);
  });

  test("and thrown out again: the chat is gone from the list", async () => {
    const all = await scene();
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
    await owner.sees("I can post to “News” now");
  });

  test("and thrown out while Herald was not running: a tap finds out", async () => {
    const all = await scene();
    const { telegram, owner } = all;
    const team = telegram.group({ title: "Team", creator: owner });
    await owner.sees("I can post to “Team” now");
    await opensChats(owner);
    team.place.bot = { status: "kicked" }; // without an update
    expect((await owner.taps("Team")).text).toContain("I am no longer in “Team”");
    await owner.sees("I know of no channel or group");
    expect(owner.buttons().flat()).not.toContain("Team");
  });
});

test("a chosen chat that is out of reach can be taken back", async () => {
  const all = await scene();
  const { telegram, owner } = all;
  const news = telegram.channel({ title: "News", creator: owner });
  const square = telegram.group({ title: "Square", creator: owner, isForum: true });
  await noted(all, square);
  await opensChats(owner);
  await owner.taps("News");
  await owner.taps("Square…");
  await owner.taps("General");
  await owner.taps("Back");
  await owner.sees("Chosen: 2 chats");
  await news.kicks();
  await square.kicks();
  await noted(all, square, 2);
  expect((await owner.taps("Continue")).text).toContain("I may not post to any of the chosen chats");
  await owner.sees("⛔ Nothing can be posted there now");
  expect(owner.buttons().slice(0, 2)).toEqual([["✅ ⛔ News"], ["✅ ⛔ Square… · 1"]]);
  await owner.taps(/Square/);
  await owner.sees("Chosen: 1 chat");
  await owner.taps("News");
  await owner.sees("Chosen: 0 chats");
  expect(owner.buttons()).toEqual([["Add a chat…", "People instead"], ["Continue"]]);
});

describe("only administrators of a chat may send to it", () => {
  test("an owner of Herald who is none does not see it", async () => {
    const all = await scene();
    const { telegram, owner, stranger } = all;
    await noted(all, telegram.channel({ title: "Foreign", creator: stranger, members: [owner] }));
    await noted(all, telegram.group({ title: "Guests", creator: stranger, members: [owner] }));
    await noted(all, telegram.group({ title: "Ours", creator: stranger, admins: [owner] }));
    await opensChats(owner);
    expect(owner.buttons()).toEqual([["Ours"], ["Add a chat…", "People instead"], ["Continue"]]);
  });

  test("in a channel those who may post there themselves", async () => {
    const all = await scene();
    const { telegram, owner, stranger } = all;
    const news = telegram.channel({ title: "News", creator: stranger });
    await news.promotes(owner, { can_post_messages: false });
    await noted(all, news);
    await opensChats(owner);
    await owner.sees("I know of no channel or group");
  });

  test("whoever is none any more when an old button is tapped is refused", async () => {
    const all = await scene();
    const { telegram, owner, stranger } = all;
    const ours = telegram.group({ title: "Ours", creator: stranger, admins: [owner] });
    await noted(all, ours);
    await opensChats(owner);
    await ours.demotes(owner);
    expect((await owner.taps("Ours")).text).toBe(
      "You are not an administrator of “Ours”, so you cannot send to it.",
    );
    await owner.sees("Chosen: 0 chats");
  });

  test("when they are none any more at the confirmation, nothing is sent and the chat is named", async () => {
    const all = await scene();
    const { telegram, owner, stranger } = all;
    const news = telegram.channel({ title: "News", creator: owner });
    const ours = telegram.group({ title: "Ours", creator: stranger, admins: [owner] });
    await noted(all, ours);
    await opensChats(owner);
    await owner.taps("News");
    await owner.taps("Ours");
    expect(await reviews(owner)).toContain("To: News, Ours → 2 chats");
    await owner.taps("Send now");
    await owner.sees("to 2 chats now?");
    await ours.demotes(owner);
    await owner.taps("Yes, send to 2");
    await owner.sees("Nothing was sent:\n· Ours: you are not an administrator there with the right to post.");
    await owner.sees("Campaign #1 · draft");
    expect([postsIn(telegram, news), postsIn(telegram, ours)]).toEqual([[], []]);
    await owner.taps("Audience…");
    await owner.taps("✅ Ours");
    await reviews(owner);
    await sends(owner);
    expect([postsIn(telegram, news), postsIn(telegram, ours)]).toEqual([["Open today."], []]);
  });

  test("another admin cannot send a draft to chats that are not theirs", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const owner = ownerOf(telegram);
    const other = telegram.person({ id: 2, firstName: "Otto", languageCode: "en", started: true });
    const database = await emptyLocation();
    await within(database, async ({ db }) => {
      await addAdmin(homeScope(db, BOT_ID), OWNER, { userId: other.id, name: "Otto" });
    });
    await running(telegram, { database });
    const news = telegram.channel({ title: "News", creator: owner });
    await owner.sees("I can post to “News” now");
    await opensChats(owner);
    await owner.taps("News");
    await reviews(owner);
    await other.sends("/campaign 1");
    await other.sees("To: News → 1 chat");
    await other.taps("Send now");
    await other.taps("Yes, send to 1");
    await other.sees("· News: you are not an administrator there with the right to post.");
    expect(postsIn(telegram, news)).toEqual([]);
  });
});

test("the bot's right to post lost between choice and confirmation is named", async () => {
  const all = await scene();
  const { telegram, owner } = all;
  const news = telegram.channel({ title: "News", creator: owner });
  const team = telegram.group({ title: "Team", creator: owner });
  await noted(all, team);
  await opensChats(owner);
  await owner.taps("News");
  await owner.taps("Team");
  await reviews(owner);
  await owner.taps("Send now");
  await owner.sees("to 2 chats now?");
  await team.permits({ can_send_messages: false }); // no update tells of that
  await owner.taps("Yes, send to 2");
  await owner.sees("· Team: I have no right to post there.");
  await owner.sees("To: News, Team → 1 chat (1 where I may not post left out)");
  await team.permits({ can_send_messages: true });
  await owner.taps("Audience…");
  await owner.taps("✅ Team");
  await owner.taps("⛔ Team");
  expect(await reviews(owner)).toContain("To: News, Team → 2 chats");
  await sends(owner);
  expect([postsIn(telegram, news), postsIn(telegram, team)]).toEqual([["Open today."], ["Open today."]]);
});

test("people and chats do not mix: a switch says so and clears the other choice", async () => {
  const { telegram, owner } = await scene();
  telegram.channel({ title: "News", creator: owner });
  await owner.sees("I can post to “News” now");
  await opensChats(owner);
  expect((await owner.taps("Continue")).text).toContain("No chat is chosen"); // whatever languages are
  await owner.taps("People instead");
  await owner.sees("Chosen: 4 people"); // a look alone has cleared nothing
  await owner.taps("Channels & groups…");
  await owner.taps("News");
  await reviews(owner);
  await owner.taps("Options…");
  await owner.taps("Pin");
  await owner.taps("Back");
  await owner.sees("Options: pinned");
  await owner.taps("Audience…");
  await owner.sees("Chosen: 1 chat");
  expect((await owner.taps("People instead")).text).toContain("the chats have been cleared");
  await owner.sees("Chosen: 0 people");
  expect((await owner.taps("Continue")).text).toContain("Nobody is chosen");
  await owner.taps(/^All languages/);
  await owner.taps("Continue");
  const card = await owner.sees("To: All languages → 4 people");
  expect(card.text).toContain("Options: pinned");
});

describe("topics of a forum", () => {
  test("are chosen by name, several too, and the post arrives in them", async () => {
    const all = await scene();
    const { telegram, owner, stranger } = all;
    const square = telegram.group({ title: "Square", creator: owner, members: [stranger], isForum: true });
    await noted(all, square);
    const offers = await square.createsTopic(owner, "Offers");
    const talk = await square.createsTopic(owner, "Talk");
    await square.renamesTopic(owner, talk, "Chat");
    await square.closesTopic(owner, offers);
    await opensChats(owner);
    await owner.taps("Square…");
    await owner.sees("“Square” has topics");
    await until(async () => {
      await owner.taps("Back");
      await owner.taps("Square…");
      return owner.buttons().flat().includes("🔒 Offers") && owner.buttons().flat().includes("Chat");
    });
    expect(owner.buttons()).toEqual([["General"], ["🔒 Offers"], ["Chat"], ["Back"]]);
    expect((await owner.taps("Offers")).text).toContain("The topic “Offers” is closed");
    await owner.taps("General");
    await owner.taps("Chat");
    expect(owner.buttons()).toEqual([["✅ General"], ["🔒 Offers"], ["✅ Chat"], ["Back"]]);
    await owner.taps("Back");
    await owner.sees("Chosen: 2 chats");
    expect(owner.buttons()[0]).toEqual(["✅ Square… · 2"]);
    expect(await reviews(owner)).toContain("To: Square, Square (Chat) → ");
    await sends(owner);
    const threads = telegram.received(square.id).map(({ message_thread_id: thread }) => thread);
    expect(new Set(threads)).toEqual(new Set([talk.message_thread_id, undefined]));
    expect(threads.length).toBe(2);
  });

  test("closed between choice and confirmation is named", async () => {
    const all = await scene();
    const { telegram, owner } = all;
    const square = telegram.group({ title: "Square", creator: owner, isForum: true });
    await noted(all, square);
    const offers = await square.createsTopic(owner, "Offers");
    await opensChats(owner);
    await owner.taps("Square…");
    await owner.taps("Offers");
    await owner.taps("Back");
    await reviews(owner);
    await owner.taps("Send now");
    await square.closesTopic(owner, offers);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await owner.taps(/^Yes, send to/);
    await owner.sees("· Square: the topic “Offers” is closed");
    expect(telegram.received(square.id)).toEqual([]);
  });

  test("from before the bot came are heard of in passing, or named by their link", async () => {
    const all = await scene();
    const { telegram, owner, stranger } = all;
    const square = telegram.group({ title: "Square", creator: owner, members: [stranger], isForum: true });
    const [old, silent] = [square.topic("Old"), square.topic("Silent")];
    await noted(all, square);
    await stranger.sends("/help@herald_bot", { in: square, topic: old });
    await opensChats(owner);
    await until(async () => {
      await owner.taps("Square…");
      const shown = owner.buttons().flat().includes("Old");
      if (!shown) await owner.taps("Back");
      return shown;
    });
    await owner.sends("the silent one");
    await owner.sees("This is not a link to a topic in this group");
    const link = `https://t.me/c/${String(square.id).slice(4)}/${silent.message_thread_id}`;
    await owner.sends(link);
    await owner.sees("“Square” has topics");
    expect(owner.buttons()).toEqual([["General"], ["Old"], [`✅ #${silent.message_thread_id}`], ["Back"]]);
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
  await owner.sees("I know of no channel or group where you are an administrator");
  return { telegram, owner, room };
}

describe("a chat that the bot has not heard of", () => {
  test("is added by a forwarded post", async () => {
    const { telegram, owner, room } = await forgotten();
    await owner.forwards(await room.posts("Continue")); // a label, but nothing that the admin said
    await owner.sees("“News” is in the list");
    await owner.sees("Chosen: 1 chat");
    await reviews(owner);
    await sends(owner);
    expect(postsIn(telegram, room)).toEqual(["Open today."]);
  });

  test("is added once by the parts of a forwarded album", async () => {
    const { owner, room } = await forgotten();
    const origin = { type: "channel" as const, chat: room.chat as never, message_id: 1, date: 1 };
    await owner.sendsAlbum([{ photo: true }, { photo: true }], { forward_origin: origin });
    await owner.sees("Chosen: 1 chat");
    await owner.sends("@news");
    await owner.sees("I am not in this chat, or there is none by that name");
    expect(owner.holds.filter(({ text }) => text?.startsWith("“News” is in the list")).length).toBe(1);
  });

  test.each(["@news", "@News", "t.me/news", "https://t.me/news/12?single"])(
    "is added by %s",
    async (text) => {
      const { owner } = await forgotten({ username: "news" });
      await owner.sends(text);
      await owner.sees("“News” is in the list");
      await owner.sees("Chosen: 1 chat");
    },
  );

  test("is not added when the admin is no administrator there, or the bot may not post", async () => {
    const { telegram, owner, room } = await forgotten({ username: "news" });
    const stranger = telegram.person({ id: 50, firstName: "Stan" });
    telegram.channel({ title: "Foreign", username: "foreign", creator: stranger, members: [owner] });
    telegram.channel({ title: "Elsewhere", username: "elsewhere", creator: owner, bot: "left" });
    await owner.sends("@foreign");
    await owner.sees("You are not an administrator of “Foreign” with the right to post");
    await owner.sends("@elsewhere");
    await owner.sees("I am not in this chat, or there is none by that name");
    await owner.sends("@nobody_at_all");
    await owner.sees("I am not in this chat, or there is none by that name");
    await room.limits({ can_post_messages: false });
    await owner.sends("@news");
    await owner.sees("I may not post to “News”. Make me an administrator there");
    await owner.sees("Chosen: 0 chats");
    await owner.forwards(await owner.sends("Mine"));
    await owner.sees("This message does not say which chat it comes from");
  });

  test("is chosen with Telegram's picker, which brings the bot there", async () => {
    const { telegram, owner, room } = await forgotten();
    const other = telegram.channel({ title: "Other", creator: owner, bot: "left" });
    await owner.taps("Add a chat…");
    await owner.sees("Any of these adds a channel or group that you administer");
    await owner.sharesChat(1, other);
    await owner.sees("Chosen: 1 chat");
    await owner.taps("Add a chat…");
    await owner.sees("Any of these adds");
    await owner.sharesChat(1, room);
    await owner.sees("Chosen: 2 chats");
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
    const all = await scene();
    const { telegram, owner } = all;
    await noted(all, telegram.group({ title: "Mine", creator: owner }));
    await opensChats(owner);
    await owner.taps("Add a chat…");
    await owner.sees("Any of these adds");
    expect(owner.place.keyboard).not.toBeNull();
    if (typeof way === "string") await owner.sends(way);
    else for (const label of way) await owner.taps(label);
    await owner.sees(next);
    const strays = () => owner.holds.some(({ text }) => text?.includes("have been removed"));
    await until(() => owner.place.keyboard === null && !strays());
  });

  test("the picker goes when the draft is gone meanwhile", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const owner = ownerOf(telegram);
    const database = await emptyLocation();
    await running(telegram, { database });
    await opensChats(owner);
    await owner.taps("Add a chat…");
    await owner.sees("Any of these adds");
    await within(database, ({ db }) => db.delete(campaigns));
    await owner.taps("People instead");
    await until(() => owner.place.keyboard === null);
  });

  test("may be a group", async () => {
    const { owner, room } = await forgotten({ title: "Team" }, false);
    await owner.taps("Add a chat…");
    await owner.sees("Any of these adds");
    await owner.sharesChat(2, room);
    await owner.sees("Chosen: 1 chat");
  });
});

test("a group that becomes a supergroup stays chosen and in the list", async () => {
  const all = await scene();
  const { telegram, owner } = all;
  const team = telegram.group({ title: "Team", creator: owner, type: "group" });
  await noted(all, team);
  await opensChats(owner);
  await owner.taps("Team");
  const moved = await team.migrates();
  await until(() => all.herald.logged.some((line) => line.includes("a group became a supergroup")));
  expect(await reviews(owner)).toContain("To: Team → 1 chat");
  await sends(owner);
  expect(postsIn(telegram, moved)).toEqual(["Open today."]);
  await opensChats(owner);
  expect(owner.buttons()[0]).toEqual(["Team"]);
});

test("a new title is taken over", async () => {
  const all = await scene();
  const { telegram, owner } = all;
  const team = telegram.group({ title: "Team", creator: owner });
  await noted(all, team);
  team.place.chat.title = "Crew";
  await owner.sends({ raw: { new_chat_title: "Crew" } }, { in: team });
  await opensChats(owner);
  await owner.sees("which channels");
  expect(owner.buttons()[0]).toEqual(["Crew"]);
});

async function thirty() {
  const all = await scene();
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
    await owner.sees("To search, type part of a name");
    await owner.taps("Group 02");
    const asked = () => telegram.calls.filter(({ method }) => method === "getChatMember").length;
    const before = asked();
    for (let page = 2; page <= 4; page += 1) await owner.taps("Next ›");
    expect(titles(owner)).toEqual(["Group 25", "Group 26", "Group 27", "Group 28", "Group 29", "Group 30"]);
    expect(owner.buttons().flat()).not.toContain("Next ›");
    await owner.taps("Group 30");
    expect(titles(owner).at(-1)).toBe("✅ Group 30");
    expect(asked() - before).toBeLessThanOrEqual(4);
    await owner.taps("‹ Previous");
    expect(titles(owner)[0]).toBe("Group 17");
    expect(await reviews(owner)).toContain("To: Group 02, Group 30 → 2 chats");
  });

  test("are searched by typing a part of a title or name", async () => {
    const { owner } = await thirty();
    await owner.sends("group 1");
    await owner.sees("Found for “group 1”: 10");
    expect(titles(owner).length).toBe(8);
    await owner.taps("Next ›");
    expect(titles(owner)).toEqual(["Group 18", "Group 19"]);
    await owner.taps("Group 19");
    await owner.sees("Found for “group 1”: 10");
    expect(titles(owner)).toEqual(["Group 18", "✅ Group 19"]);
    await owner.sends("quarter");
    await owner.sees("Found for “quarter”: 1");
    await owner.sends("Group 25"); // a label may be typed, too
    await owner.sees("Chosen: 2 chats");
    await owner.sends("no such");
    await owner.sees("Found for “no such”: 0");
    await owner.taps("All chats");
    expect(titles(owner)[0]).toBe("Group 01");
  });

  test("many chosen are named up to three, the rest are counted", async () => {
    const { owner } = await thirty();
    for (const label of ["Group 01", "Group 02", "Group 03", "Group 04", "Group 05"]) await owner.taps(label);
    expect(await reviews(owner)).toContain("To: Group 01, Group 02, Group 03 and 2 more → 5 chats");
  });
});

test("the number that is typed counts chats", async () => {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  await running(telegram, { confirmTypedFrom: 2 });
  telegram.channel({ title: "News", creator: owner });
  const team = telegram.group({ title: "Team", creator: owner });
  await owner.sees("I can post to “Team” now");
  await opensChats(owner);
  await owner.taps("News");
  await owner.taps("Team");
  await reviews(owner);
  await owner.taps("Send now");
  await owner.sees("Send campaign #1 to 2 chats now? Type the number 2");
  await owner.sends("2");
  await until(() => postsIn(telegram, team).length === 1);
});

async function atOptions() {
  const all = await scene();
  const { telegram, owner } = all;
  const news = telegram.channel({ title: "News", creator: owner });
  await owner.sees("I can post to “News” now");
  await opensChats(owner);
  await owner.taps("News");
  await reviews(owner);
  await owner.taps("Options…");
  await owner.sees("Options of campaign #1");
  return { ...all, news };
}

describe("options", () => {
  test("are set by taps, named on the review card, and used", async () => {
    const { telegram, owner, news } = await atOptions();
    expect(owner.buttons()).toEqual([
      ["Silent", "Protect content"],
      ["No link preview", "Forward"],
      ["Pin", "Delete after…"],
      ["Back"],
    ]);
    await owner.sees("Comments: Telegram gives bots no way to turn them off for one post");
    for (const label of ["Silent", "Protect content", "Pin"]) await owner.taps(label);
    await owner.taps("Delete after…");
    expect(owner.buttons()).toEqual([
      ["1 h", "6 h", "12 h", "24 h", "47 h"],
      ["Never", "Back"],
    ]);
    await owner.taps("24 h");
    expect(owner.buttons()).toEqual([
      ["✅ Silent", "✅ Protect content"],
      ["No link preview", "Forward"],
      ["✅ Pin", "✅ Delete after… · 24 h"],
      ["Back"],
    ]);
    await owner.taps("Back");
    await owner.sees("Options: silent, protected, pinned, deleted after 24 h");
    telegram.clearRecords();
    await owner.taps("Send test to me");
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
    await owner.taps("Silent");
    await owner.taps("✅ Silent");
    await owner.taps("Delete after…");
    await owner.sends("48");
    await owner.sees("whole number of hours from 1 to 47");
    await owner.sends("36 h");
    await owner.sees("Options of campaign #1");
    expect(owner.buttons()[2]).toEqual(["Pin", "✅ Delete after… · 36 h"]);
    await owner.sends("Back");
    await owner.sees("Options: deleted after 36 h");
    await owner.taps("Options…");
    await owner.taps("Delete after… · 36 h");
    await owner.taps("Never");
    await owner.taps("Back");
    expect((await owner.sees("Campaign #1 · draft")).text).not.toContain("Options:");
  });

  test("say where the bot may not do what they ask for, and stay when the post is changed", async () => {
    const { owner, news } = await atOptions();
    await news.limits({ can_edit_messages: false });
    await owner.taps("Pin");
    await until(async () => {
      await owner.taps("Back");
      await owner.taps("Options…");
      return owner.shows().includes("I may not pin in: News");
    });
    await owner.taps("Back");
    await owner.taps("Edit post");
    await owner.sends("Another.");
    await owner.sees("Options: pinned");
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
  expect(many.at(-1)).toBe("· and 5 more");
  expect(postLines(t, [])).toEqual([]);
});
