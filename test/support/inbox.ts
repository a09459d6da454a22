import type { Group } from "../../playground/people/group.ts";
import type { Person } from "../../playground/people/person.ts";
import type { Message } from "grammy/types";
import { until } from "./broadcast.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";
import { en } from "./words.ts";

export interface InboxScene extends Scene {
  /** The group of the inbox. */
  team: Group;
  /** A member of it who is no admin of Herald. */
  sam: Person;
  /** Somebody who has started the bot. */
  ann: Person;
}

/** What a message says, or its kind. */
export const wordsOf = (message: Message) =>
  message.text ?? message.caption ?? Object.keys(message).find((key) => KINDS.has(key)) ?? "?";

const KINDS = new Set(["photo", "voice", "sticker", "poll", "location", "document", "video"]);

/** A bot whose inbox goes to a group, and people. */
export async function inboxScene(options: SceneOptions & { topics?: boolean } = {}): Promise<InboxScene> {
  const { topics = true, ...rest } = options;
  const all = await scene(0, { ownerStays: true, ...rest });
  const { telegram, owner, herald } = all;
  const sam = telegram.person({ id: 60, firstName: "Sam", languageCode: "en" });
  const team = telegram.group({
    title: "Team",
    creator: owner,
    members: [sam],
    ...(topics ? { isForum: true, bot: "administrator" as const } : { type: "group" as const }),
  });
  await until(() => herald.logged.some((line) => line.includes("a chat is noted")));
  await owner.sends(`/inbox group ${team.id}`);
  await owner.sees(en(topics ? "inbox-is-topics" : "inbox-is-replies", { group: "Team" }));
  const ann = telegram.person({ id: 50, firstName: "Ann", languageCode: "en" });
  await ann.sends("/start");
  await ann.sees(en.like("start-person", { name: "Ann" }));
  return { ...all, team, sam, ann };
}

/** The person's topic, once there is one. */
export async function topicOf(team: Group, name: string) {
  await until(() => team.topicNamed(name) !== undefined);
  const topic = team.topicNamed(name);
  if (!topic) throw new Error(`${name} has no topic`);
  return topic;
}

/** Waits until the topic of a person holds a message that says this, and resolves with it. */
export async function holds(team: Group, name: string, wanted: string | RegExp): Promise<Message> {
  const fits = (message: Message) => {
    const words = wordsOf(message);
    return typeof wanted === "string" ? words.includes(wanted) : wanted.test(words);
  };
  const find = () => {
    const topic = team.topicNamed(name);
    return topic && team.inTopic(topic).findLast(fits);
  };
  await until(() => find() !== undefined);
  const found = find();
  if (!found) throw new Error("it is gone again");
  return found;
}

/** What a person's topic says, without the card. */
export function saidIn(team: Group, name: string): string[] {
  const topic = team.topicNamed(name);
  return topic ? team.inTopic(topic).slice(1).map(wordsOf) : [];
}

/** What the bot sent a person since they started it. */
export function got(person: Person): string[] {
  return person.holds.flatMap((message) => (message.from?.is_bot ? [wordsOf(message)] : [])).slice(1);
}
