import { createLRU } from "lru.min";
import { existingAttributes, findAttributes } from "../audience/attribute-facts.ts";
import { isForChats } from "../audience/segment/audience.ts";
import { countAttributes } from "../audience/segment/count-attributes.ts";
import type { AttributeFacts, KnownAttributes } from "../content/check.ts";
import { asDraft } from "../content/button-ids.ts";
import { type Content, buttonsOf, versionsOf } from "../content/content.ts";
import { CODE, attributesAsked, personalParts, placeholdersIn } from "../content/personal-parts.ts";
import type { Attributes } from "../content/personal.ts";
import type { Clock } from "../clock.ts";
import { type HomeScope, type Scope, scopeOf } from "../db/scope.ts";
import { botsOf } from "./bundle.ts";
import type { Campaign } from "./campaign.ts";
import { countPool } from "./code-pool.ts";

type Post = Pick<Campaign, "content" | "audience"> & Partial<Pick<Campaign, "codePool">>;

/** The words in braces that may be attributes. Groups and channels have none, and a forward stays as it is. */
function askedBy({ content, audience }: Post): string[] {
  if (isForChats(audience) || content.options?.forward) return [];
  const asked = versionsOf(content).flatMap(({ version }) =>
    attributesAsked(personalParts(version, buttonsOf(content, version))),
  );
  return [...new Set(asked)];
}

/** The code of the campaign, which comes before an attribute of that name. */
const isCode = (name: string, { codePool }: Post) => name === CODE && codePool != null;

/** Of the words in braces of a post, the attributes that exist. */
const existingOf = (home: HomeScope, post: Post, asked: readonly string[]) =>
  existingAttributes(
    home,
    asked.filter((name) => !isCode(name, post)),
  );

/** The attributes of a post: those with which it was confirmed or, of a draft, those that exist. */
const attributesOf = async (home: HomeScope, post: Post, asked: readonly string[]) =>
  post.content.attributes ?? existingOf(home, post, asked);

/** The post as it is confirmed: which of its words in braces are attributes is settled by that. */
export async function confirmedContent(home: HomeScope, post: Post): Promise<Content> {
  const asked = askedBy(post);
  const content = asDraft(post.content);
  if (asked.length === 0) return content;
  const existing = await existingOf(home, post, asked);
  return { ...content, attributes: asked.filter((name) => existing.includes(name)) };
}

/** The attributes that a confirmed post needs, because it has no default for them, and that nobody has any longer. */
export async function lostAttributes(home: HomeScope, { content, audience }: Post): Promise<string[]> {
  if (!content.attributes || isForChats(audience)) return [];
  const known = new Set(content.attributes);
  const needed = versionsOf(content)
    .flatMap(({ version }) => placeholdersIn(personalParts(version, buttonsOf(content, version)), known))
    .flatMap(({ name, hasDefault }) => (known.has(name) && !hasDefault ? [name] : []));
  const existing = await existingAttributes(home, [...new Set(needed)]);
  return [...new Set(needed)].filter((name) => !existing.includes(name));
}

/** The attributes that a post asks for and that exist, with what the audience has of them. */
export async function knownAttributesOf(
  home: HomeScope,
  campaign: Post & Pick<Campaign, "botId" | "bots">,
): Promise<KnownAttributes> {
  const { audience } = campaign;
  const names = askedBy(campaign);
  const known = new Map<string, AttributeFacts>();
  if (names.length === 0 || isForChats(audience)) return known;
  const existing = await existingOf(home, campaign, names);
  const pool = names.includes(CODE) ? await countPool(home, campaign.codePool ?? null) : null;
  // Without a code, nothing is sent.
  if (pool) known.set(CODE, { lacking: 0, characters: pool.characters, bytes: pool.bytes });
  for (const botId of botsOf(campaign))
    for (const { name, people, having, characters, bytes } of await countAttributes(
      scopeOf(home, { botId }),
      audience,
      existing,
      new Date(), // only for a warning, and within a second of the clock that counts
    )) {
      const before = known.get(name) ?? { lacking: 0, characters: 0, bytes: 0 };
      known.set(name, {
        lacking: before.lacking + people - having,
        characters: Math.max(before.characters, characters),
        bytes: Math.max(before.bytes, bytes),
      });
    }
  return known;
}

/** In previews and tests: a real one would be used up. */
const SAMPLE = "EXAMPLE";

/** What a person has of the attributes that a post asks for, for showing it to them. */
export async function attributesFor(scope: Scope, post: Post, chatId: number): Promise<Attributes> {
  const names = askedBy(post);
  const own = await findAttributes(scope, chatId, await attributesOf(scope, post, names));
  return names.some((name) => isCode(name, post)) ? { ...own, [CODE]: SAMPLE } : own;
}

/** How long it counts which attributes exist. */
const REMEMBERED_MS = 60_000;

/**
 * As attributesFor(), for posts that one person after another asks for: which attributes exist is looked up once a minute for
 * each, because for a word in braces that nobody has, all rows are read.
 */
export function createAttributesFor(scope: Scope, clock: Pick<Clock, "monotonic">) {
  const memory = createLRU<string, { at: number; names: string[] }>({ max: 100 });
  return async (post: Post, chatId: number): Promise<Attributes> => {
    const asked = askedBy(post);
    const key = asked.join();
    const before = memory.get(key);
    const isFresh = before && clock.monotonic() - before.at < REMEMBERED_MS;
    const existing = isFresh ? before.names : await existingOf(scope, post, asked);
    if (!isFresh) memory.set(key, { at: clock.monotonic(), names: existing });
    // A welcome stays for years: it knows new attributes, and those that it was set with for good.
    return findAttributes(scope, chatId, [...new Set([...(post.content.attributes ?? []), ...existing])]);
  };
}

/**
 * Sets the attributes of running campaigns. Which exist is looked up once for each post: in a post with a word in braces that
 * nobody has, all rows are read for it.
 */
export function createAttributeMemory(scope: Scope) {
  async function known(campaign: Campaign): Promise<string[]> {
    const names = askedBy(campaign);
    const existing = await attributesOf(scope, campaign, names);
    return names.filter((name) => isCode(name, campaign) || existing.includes(name));
  }

  const memory = new Map<number, { revision: number; attributes: readonly string[] }>();
  return async (campaigns: readonly Campaign[]): Promise<Campaign[]> => {
    const kept = new Set(campaigns.map(({ id }) => id));
    for (const id of memory.keys()) if (!kept.has(id)) memory.delete(id);
    const set: Campaign[] = [];
    for (const campaign of campaigns) {
      const { id, contentRevision: revision } = campaign;
      if (memory.get(id)?.revision !== revision)
        memory.set(id, { revision, attributes: await known(campaign) });
      set.push({ ...campaign, attributes: memory.get(id)?.attributes ?? [] });
    }
    return set;
  };
}
