import type { Chat, Message, User } from "@grammyjs/types";
import type { MessageBody } from "../content/message-body.ts";
import { kindOf } from "../content/kinds.ts";
import { ANONYMOUS, appointed, turnBot, turnPerson } from "../world/membership.ts";
import { GroupPlace, type Topic } from "../world/places.ts";
import { type Post, type PostFields, postBody } from "./post.ts";
import {
  type AdminRights,
  type BotStanding,
  type BotStatus,
  EVERYTHING,
  overlaid,
  type Permissions,
  usualRights,
} from "../world/rights.ts";
import { createTopic, deleteTopic, inTopic } from "../world/topics.ts";
import type { World } from "../world/world.ts";

/** A person, as `telegram.person()` returns one. */
interface Human {
  readonly user: User;
}

export interface GroupFacts {
  /** Negative, as Telegram's are. By default the next free one. */
  id?: number;
  title?: string;
  username?: string;
  type?: "group" | "supergroup" | "channel";
  isForum?: boolean;
  members?: readonly Human[];
  /** Its administrators besides the creator, with the usual rights. They are members, too. */
  admins?: readonly Human[];
  /** Who owns it. Default: the first of the members, or of the administrators if there are none. */
  creator?: Human;
  /** The id of the bot that is in it. Default: the first bot seen. */
  botId?: number;
  /** What the bot is in it from the start. Default "member", in a channel "administrator". */
  bot?: Exclude<BotStatus, "restricted">;
}

/** Drives a group or channel. The bot hears of its own coming and going by `my_chat_member`. */
export class Group {
  readonly place: GroupPlace;
  readonly #world: World;

  constructor(world: World, place: GroupPlace) {
    this.#world = world;
    this.place = place;
  }

  /** Creates a group with these members. */
  static founded(world: World, facts: GroupFacts, id: number): Group {
    const { creator, members = [], admins = [], type = "supergroup" } = facts;
    const place = new GroupPlace(chatOf(facts, type, id));
    const people = [...(creator ? [creator] : []), ...members, ...admins];
    for (const { user } of people) place.members.set(user.id, user);
    place.creator = people[0]?.user;
    place.botId = facts.botId;
    for (const { user } of admins)
      if (user.id !== place.creator?.id) place.admins.set(user.id, usualRights(type));
    world.addGroup(place);
    const group = new Group(world, place);
    const status = facts.bot ?? (type === "channel" ? "administrator" : "member");
    if (status !== "left") group.#turns(group.#standing(status));
    return group;
  }

  get id(): number {
    return this.place.id;
  }

  get chat(): Chat {
    return this.place.chat;
  }

  get holds(): Message[] {
    return [...(this.place.messages ?? [])];
  }

  /** The ids of what is pinned in it, ascending. */
  get pinned(): number[] {
    return [...(this.place.pinned ?? [])];
  }

  /** The bot's reaction to a message; undefined if there is none. */
  reaction(message: Message): string | undefined {
    return this.place.reactions?.get(message.message_id);
  }

  /** A topic by its name: of several, the newest. */
  topicNamed(name: string): Topic | undefined {
    return [...this.place.topics.values()].findLast((topic) => topic.name === name);
  }

  /** The messages in a topic, oldest first, without those that say what became of the topic. */
  inTopic({ message_thread_id: thread }: Topic): Message[] {
    const held = this.holds.filter((message) => message.message_thread_id === thread);
    return held.filter((message) => kindOf(message) !== "service");
  }

  /**
   * Adds the bot as a member or administrator, even if it was removed before. An administrator has the usual rights,
   * overridden by `rights`. `by` is who adds it, by default the creator.
   */
  async adds(
    as: "member" | "administrator" = "member",
    rights: Partial<AdminRights> = {},
    by?: Human,
  ): Promise<void> {
    this.#turns(this.#standing(as, rights), by);
  }

  /**
   * Changes some of the bot's rights. An administrator stays one; a member becomes "restricted", and a member again
   * once it may do everything. Throws for a member outside a supergroup, where Telegram restricts nobody. `by` is who
   * does it, by default the creator.
   */
  async limits(rights: Partial<AdminRights & Permissions>, by?: Human): Promise<void> {
    const { bot, chat } = this.place;
    if (bot.status === "administrator") {
      return this.#turns({ status: "administrator", rights: overlaid(bot.rights, rights) }, by);
    }
    if (!this.place.hasBot) throw new Error(`The bot is not in ${chat.title}`);
    if (chat.type !== "supergroup") throw new Error(`Only in a supergroup a member can be restricted`);
    const before = bot.status === "restricted" ? bot.permissions : EVERYTHING;
    const permissions = overlaid(before, rights);
    const free = Object.values(permissions).every(Boolean);
    this.#turns(free ? { status: "member" } : { status: "restricted", permissions }, by);
  }

  /** Removes the bot: 403 "bot was kicked from the … chat" from now on. */
  async kicks(by?: Human): Promise<void> {
    this.#turns({ status: "kicked" }, by);
  }

  /** Changes what members who are not administrators may do. Telegram sends no update for that. */
  async permits(permissions: Partial<Permissions>): Promise<void> {
    this.place.permissions = overlaid(this.place.permissions, permissions);
  }

  /**
   * Lets members send one message (or album) every `seconds`; 0 ends it. A bot that is not an administrator gets a
   * 429 with the remaining `retry_after`, even if flood limits are off.
   */
  async slowMode(seconds: number): Promise<void> {
    this.place.slowMode = seconds;
    this.place.slowUntil = 0;
  }

  /** Adds a person. */
  async admits(person: Human): Promise<void> {
    const { place } = this;
    turnPerson(this.#world, place, person.user, () => place.members.set(person.user.id, person.user));
  }

  /** Removes a person, administrators included. The creator cannot be removed. */
  async loses(person: Human): Promise<void> {
    const { place } = this;
    this.#notTheCreator(person);
    turnPerson(this.#world, place, person.user, () => {
      place.admins.delete(person.user.id);
      place.members.delete(person.user.id);
    });
  }

  /** Promotes a person, adding them if needed. They get the usual rights, overridden by `rights`. */
  async promotes(person: Human, rights: Partial<AdminRights> = {}): Promise<void> {
    const { place } = this;
    this.#notTheCreator(person);
    turnPerson(this.#world, place, person.user, () => {
      place.members.set(person.user.id, person.user);
      place.admins.set(person.user.id, overlaid(usualRights(place.chat.type), rights));
    });
  }

  /** Makes an administrator an ordinary member. */
  async demotes(person: Human): Promise<void> {
    const { place } = this;
    this.#notTheCreator(person);
    turnPerson(this.#world, place, person.user, () => place.admins.delete(person.user.id));
  }

  /** Posts as the channel itself, by a person. */
  async posts(post: Post): Promise<Message> {
    return this.#posts(postBody(this.#world, post));
  }

  /** Posts an album as the channel itself: several messages with one `media_group_id`. */
  async postsAlbum(parts: readonly PostFields[]): Promise<Message[]> {
    const album = { media_group_id: this.#world.nextAlbum() };
    return parts.map((part) => this.#posts(postBody(this.#world, part, album)));
  }

  /** Adds a topic without telling the bot, as if it had always existed. Throws if the group is not a forum. */
  topic(name: string): Topic {
    this.#mustBeForum();
    return createTopic(this.#world, this.place, name, this.place.creator ?? ANONYMOUS).topic;
  }

  /** A person creates a topic; the bot gets `forum_topic_created`. Rejects if the group is not a forum. */
  async createsTopic(person: Human, name: string): Promise<Topic> {
    this.#mustBeForum();
    const { topic, created } = createTopic(this.#world, this.place, name, person.user);
    this.#world.announce(this.place, created);
    return topic;
  }

  async renamesTopic(person: Human, topic: Topic, name: string): Promise<void> {
    topic.name = name;
    this.#serves(person, { ...inTopic(this.place, topic), forum_topic_edited: { name } });
  }

  /** From now on only administrators who may manage topics can write there; others get 400 "TOPIC_CLOSED". */
  async closesTopic(person: Human, topic: Topic): Promise<void> {
    topic.closed = true;
    this.#serves(person, { ...inTopic(this.place, topic), forum_topic_closed: {} });
  }

  async reopensTopic(person: Human, topic: Topic): Promise<void> {
    topic.closed = false;
    this.#serves(person, { ...inTopic(this.place, topic), forum_topic_reopened: {} });
  }

  /** Deletes a topic and its messages: 400 "message thread not found" from now on. The bot is not told. */
  async deletesTopic(topic: Topic): Promise<void> {
    deleteTopic(this.#world, this.place, topic);
  }

  /**
   * Upgrades a group to a supergroup with the same people and the bot's same standing. The old id answers with
   * `migrate_to_chat_id`, and the bot gets a service message in each of the two. Returns the supergroup.
   */
  async migrates(): Promise<Group> {
    const { chat, members, creator, bot, permissions } = this.place;
    const id = -1_000_000_000_000 + this.place.id;
    const next = Group.founded(this.#world, { id, title: chat.title, bot: "left" }, id);
    for (const [userId, user] of members) next.place.members.set(userId, user);
    for (const userId of this.place.admins.keys())
      next.place.admins.set(userId, usualRights(next.place.chat.type));
    next.place.creator = creator;
    next.place.permissions = permissions;
    next.place.bot = bot;
    next.place.botId = this.place.botId;
    this.place.migratedTo = next.id;
    const by = { user: creator ?? ANONYMOUS };
    this.#serves(by, { migrate_to_chat_id: next.id });
    next.#serves(by, { migrate_from_chat_id: this.id });
    return next;
  }

  #posts(body: MessageBody): Message {
    const message = this.#world.post(this.place, undefined, body, true);
    this.#world.announce(this.place, message);
    return message;
  }

  /** Adds a service message to the chat and tells the bot. */
  #serves({ user }: Human, body: MessageBody): void {
    this.#world.announce(this.place, this.#world.post(this.place, user, body));
  }

  #standing(status: Exclude<BotStatus, "restricted">, rights?: Partial<AdminRights>): BotStanding {
    return status === "administrator" ? appointed(this.place, rights) : { status };
  }

  #turns(standing: BotStanding, by?: Human): void {
    turnBot(this.#world, this.place, standing, by?.user);
  }

  #notTheCreator({ user }: Human): void {
    if (user.id === this.place.creator?.id)
      throw new Error(`${user.first_name} owns ${this.place.chat.title} and stays what they are`);
  }

  #mustBeForum(): void {
    if (this.place.chat.is_forum !== true)
      throw new Error(`${this.place.chat.title} has no topics: make it with { isForum: true }`);
  }
}

function chatOf(facts: GroupFacts, type: "group" | "supergroup" | "channel", id: number): GroupPlace["chat"] {
  const title = facts.title ?? `${type === "channel" ? "Channel" : "Group"} ${-id}`;
  if (type === "group") return { id, type, title };
  const named = { id, title, ...(facts.username !== undefined && { username: facts.username }) };
  if (type === "channel") return { type, ...named };
  return { type, ...named, ...(facts.isForum === true && { is_forum: true }) };
}
