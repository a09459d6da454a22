import type { Chat, Message, Update, User } from "@grammyjs/types";
import { botMember } from "./methods/chats.ts";
import { type BotStatus, GroupPlace } from "./places.ts";
import { type Post, postBody } from "./post.ts";
import { seconds, type World } from "./world.ts";

export interface GroupFacts {
  /** Negative, as Telegram's are. By default the next free one. */
  id?: number;
  title?: string;
  username?: string;
  type?: "group" | "supergroup" | "channel";
  isForum?: boolean;
  members?: readonly { user: User }[];
  /** What the bot is in it from the start. Default "member", in a channel "administrator". */
  bot?: BotStatus;
}

/** Drives a group or channel. The bot hears of its own coming and going by `my_chat_member`. */
export class Group {
  readonly place: GroupPlace;
  readonly #world: World;

  constructor(world: World, facts: GroupFacts, id: number) {
    this.#world = world;
    const members = (facts.members ?? []).map(({ user }) => user);
    const type = facts.type ?? "supergroup";
    this.place = new GroupPlace(chatOf(facts, type, id), members, "left");
    world.addGroup(this.place);
    const status = facts.bot ?? (type === "channel" ? "administrator" : "member");
    if (status !== "left") this.#turns(status);
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

  /** Makes the bot a member or an administrator. */
  async adds(as: "member" | "administrator" = "member"): Promise<void> {
    this.#turns(as);
  }

  /** Throws the bot out: 403 "bot was kicked from the … chat" from now on. */
  async kicks(): Promise<void> {
    this.#turns("kicked");
  }

  /** A post of the channel itself, written by a person. */
  async posts(post: Post): Promise<Message> {
    const message = this.#world.post(this.place, undefined, postBody(this.#world, post));
    this.#world.peoplesPosts.add(message);
    this.#world.deliver(() => ({ channel_post: message as Message & Update.Channel }));
    return message;
  }

  /** Turns a group into a supergroup: the old id refuses with `migrate_to_chat_id`. Returns the supergroup. */
  async migrates(): Promise<Group> {
    const members = [...this.place.members.values()].map((user) => ({ user }));
    const title = this.place.chat.title;
    const id = -1_000_000_000_000 + this.place.id;
    const next = new Group(this.#world, { id, title, type: "supergroup", members, bot: "left" }, id);
    next.place.botStatus = this.place.botStatus;
    this.place.migratedTo = next.id;
    const [from] = this.place.members.values();
    const told = this.#world.post(this.place, from ?? ANONYMOUS, { migrate_to_chat_id: next.id });
    this.#world.deliver(() => ({ message: told as Message & Update.NonChannel }));
    return next;
  }

  #turns(status: BotStatus): void {
    const { place } = this;
    const [from] = place.members.values();
    const before = place.botStatus;
    place.botStatus = status;
    this.#world.deliver((bot) => ({
      my_chat_member: {
        chat: place.chat,
        from: from ?? ANONYMOUS,
        date: seconds(),
        old_chat_member: memberAs(place, before, bot.user),
        new_chat_member: memberAs(place, status, bot.user),
      },
    }));
  }
}

/** GroupAnonymousBot, the sender of what an administrator does anonymously. */
const ANONYMOUS: User = { id: 1087968824, is_bot: true, first_name: "Group", username: "GroupAnonymousBot" };

function memberAs(place: GroupPlace, status: BotStatus, bot: User) {
  const then = new GroupPlace(place.chat, [], status);
  return botMember(then, bot);
}

function chatOf(facts: GroupFacts, type: "group" | "supergroup" | "channel", id: number): GroupPlace["chat"] {
  const title = facts.title ?? `${type === "channel" ? "Channel" : "Group"} ${-id}`;
  if (type === "group") return { id, type, title };
  const named = { id, title, ...(facts.username !== undefined && { username: facts.username }) };
  if (type === "channel") return { type, ...named };
  return { type, ...named, ...(facts.isForum === true && { is_forum: true }) };
}
