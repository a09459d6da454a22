import { nameTargets } from "../../audience/chats.ts";
import {
  type Audience,
  type AudienceCount,
  type People,
  isForChats,
  isNobody,
} from "../../audience/segment/audience.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { describeSegment } from "./segment-words.ts";
import { type Translate, cut, languageName } from "./words.ts";

/* Audiences in words. */

/** A choice of people in words: "English, Русский". For chats, use nameAudience(). */
export function describeAudience(t: Translate, people: People): string {
  const { segment, first } = people;
  const languages = describeLanguages(t, people);
  const chosen =
    segment === undefined
      ? languages
      : t(people.languages === "all" ? "segment-people" : "segment-of", {
          languages,
          conditions: describeSegment(t, segment),
        });
  return first === undefined ? chosen : t("segment-first", { count: first, audience: chosen });
}

function describeLanguages(t: Translate, people: People): string {
  const { languages, othersThan } = people;
  if (isNobody(people)) return t("audience-no-language");
  if (languages === "all") return t("audience-all");
  return [...languages.map(languageName), ...(othersThan ? [t("audience-others")] : [])].join(", ");
}

/** How many an audience reaches: "20 people", "2 chats", or "1 chat (2 posts)" for two topics of one chat. */
export function reachOf(t: Translate, audience: Audience, { reachable }: Pick<AudienceCount, "reachable">) {
  if (!isForChats(audience)) return t("people", { count: reachable });
  const chats = t("audience-chats", { count: reachable });
  const several = audience.chats.length > new Set(audience.chats.map(({ chatId }) => chatId)).size;
  return several ? t("chats-and-posts", { chats, posts: audience.chats.length }) : chats;
}

/** The key of the sentence that says that the size of an audience has changed since it was shown. */
export function countChangedKey(audience: Audience): string {
  return isForChats(audience) ? "confirm-moved-chats" : "confirm-moved";
}

/** The most of an audience in words on a card, which may be the caption of a long report. */
const LONGEST = 500;

/** Chats named in a line; the others are only counted. */
const NAMED = 3;

/** The audience of a campaign in words, with chats by name: "News, Chat (Offers), Team and 4 more". */
export async function nameAudience(
  home: HomeScope,
  t: Translate,
  { botId, audience }: { botId: number; audience: Audience },
): Promise<string> {
  if (!isForChats(audience)) return cut(describeAudience(t, audience), LONGEST, "…");
  const names = await nameTargets(scopeOf(home, { botId }), audience.chats.slice(0, NAMED));
  const more = audience.chats.length - names.length;
  return more > 0 ? t("chats-more", { names: names.join(", "), count: more }) : names.join(", ");
}
