import { PersonPlace } from "../world/places.ts";
import type { Controlled } from "./controlled.ts";
import type { Person } from "../people/person.ts";
import {
  groupOf,
  type Handler,
  number,
  oneOf,
  readEffect,
  readGroup,
  readMatch,
  whole,
} from "./read-body.ts";

/** The longest that trouble may last, in seconds. */
const LONGEST = 3600;
/** The longest that a call may take, in ms: clients give up after about a minute. */
const SLOWEST = 60_000;

/** The most people that one request creates. */
const MOST_PEOPLE = 1_000_000;

/** Actions on many people, on groups, the network and the bot's process. */
export const CIRCUMSTANCES: Record<string, Handler> = {
  people: (telegram, body) => {
    const { firstId, count = 1 } = body;
    const people = telegram.people(whole("count", count, 1, MOST_PEOPLE), {
      ...(firstId !== undefined && { firstId: whole("firstId", firstId, 1, 2 ** 52) }),
      started: body["started"] !== false,
    });
    return { first: people.at(0)?.id, last: people.at(-1)?.id };
  },
  blockSome: async (telegram, body) => {
    const chosen = some(ableToBlock(telegram), number("percent", body["percent"], 0, 100));
    for (const person of chosen) await person.blocks();
    return chosen.length;
  },
  unblockAll: async (telegram) => {
    const blocked = peopleOf(telegram, ({ blocked }) => blocked);
    for (const person of blocked) await person.unblocks();
    return blocked.length;
  },
  /**
   * {"type", "title", "username", "isForum", "from"}: creates a group or channel that this person owns, without the
   * bot.
   */
  group: (telegram, body) => telegram.group(readGroup(telegram, body)).chat,
  /** {"chat"}: the owner adds the bot, to a channel as administrator; "as" overrides that. */
  adds: async (telegram, body) => {
    const group = groupOf(telegram, body["chat"]);
    const { as = group.chat.type === "channel" ? "administrator" : "member" } = body;
    await group.adds(oneOf("as", as, ["administrator", "member"]));
    return true;
  },
  /** {"chat"}: the owner removes the bot. */
  kicks: async (telegram, body) => {
    await groupOf(telegram, body["chat"]).kicks();
    return true;
  },
  fault: (telegram, body) => {
    telegram.fault(readMatch(body["match"]), readEffect(body["effect"]));
    return true;
  },
  latency: (telegram, body) => {
    telegram.latency = number("ms", body["ms"] ?? 0, 0, SLOWEST);
    return telegram.latency;
  },
  flood: (telegram, body) => {
    telegram.flood(number("seconds", body["seconds"], 0, LONGEST));
    return telegram.trouble;
  },
  cut: (telegram, body) => {
    telegram.cut(number("seconds", body["seconds"], 0, LONGEST));
    return telegram.trouble;
  },
  /** {"do"}: kills or starts the bot's process. */
  herald: async (telegram, body) => {
    if (telegram.runner === undefined)
      throw new Error("The playground does not run the bot here: stop and start it yourself.");
    await telegram.runner.act(oneOf("do", body["do"], ["kill", "restart", "start"]));
    return true;
  },
  recount: (telegram) => {
    telegram.recount();
    return true;
  },
  clear: (telegram, body) => {
    telegram.clearRecords({ messages: body["messages"] === true });
    return true;
  },
};

function peopleOf(telegram: Controlled, which: (place: PersonPlace) => boolean): Person[] {
  return telegram.places
    .filter((place) => place instanceof PersonPlace)
    .filter(which)
    .map(({ id }) => telegram.person({ id }));
}

/** The owner never blocks: they would lose access to their own bot. */
function ableToBlock(telegram: Controlled): Person[] {
  return peopleOf(
    telegram,
    ({ id, started, blocked, deactivated }) => started && !blocked && !deactivated && id !== telegram.owner,
  );
}

/** `percent` of them, evenly spread, and always the same ones. */
function some<T>(all: readonly T[], percent: number): T[] {
  const before = (index: number) => Math.round((index * percent) / 100);
  return all.filter((_, index) => before(index + 1) > before(index));
}
