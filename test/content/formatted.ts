import type { MessageEntity } from "grammy/types";
import * as fc from "fast-check";
import type { Formatted } from "../../src/content/personal.ts";

/** A text with what stands in it, as a tree: entities nest, as Telegram says that they do. */
export type Tree = string | { entity: EntityFace; inside: Tree[] };

type WithoutPlace<T> = T extends unknown ? Omit<T, "offset" | "length"> : never;
type EntityFace = WithoutPlace<MessageEntity>;

/** Those that are cut in two. */
const DIVISIBLE: EntityFace[] = [
  { type: "bold" },
  { type: "italic" },
  { type: "underline" },
  { type: "spoiler" },
  { type: "expandable_blockquote" },
  { type: "pre", language: "ts" },
  { type: "text_link", url: "https://example.com/" },
];
/** Those that are not. */
export const WHOLE: EntityFace[] = [
  { type: "custom_emoji", custom_emoji_id: "5368324170671202286" },
  { type: "date_time", unix_time: 1_770_000_000, date_time_format: "wDT" },
  { type: "text_mention", user: { id: 9, is_bot: false, first_name: "Bob" } },
  { type: "mention" },
  { type: "url" },
];

const word = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-zа-я.!?]{1,8}$/) },
  { weight: 2, arbitrary: fc.constantFrom("🎁", "👨‍👩‍👧", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "é", "❤️", "𝕏", "好。") },
  { weight: 3, arbitrary: fc.constantFrom(" ", "\n", "\n\n", " \n ") },
);

/** Random texts with entities; `leaf` adds words to the usual ones. */
export function trees(leaf: fc.Arbitrary<string> = word): fc.Arbitrary<Tree[]> {
  const { list } = fc.letrec<{ list: Tree[]; node: Tree }>((tie) => ({
    list: fc.array(tie("node"), { minLength: 1, maxLength: 6 }),
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 6, arbitrary: fc.oneof(word, leaf) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom(...WHOLE), word)
          .map(([entity, text]): Tree => ({ entity, inside: [text] })),
      },
      {
        weight: 3,
        arbitrary: fc
          .tuple(fc.constantFrom(...DIVISIBLE), tie("list"))
          .map(([entity, inside]): Tree => ({ entity, inside })),
      },
    ),
  }));
  return fc.array(list, { maxLength: 8 }).map((lists) => lists.flat());
}

/** The text and the entities of a tree, those outside first; `say` may change each word. */
export function plant(tree: Tree[], say: (word: string) => string = (word) => word): Formatted {
  let text = "";
  const entities: MessageEntity[] = [];
  function walk(node: Tree): void {
    if (typeof node === "string") {
      text += say(node);
      return;
    }
    const [offset, place] = [text.length, entities.length];
    node.inside.forEach(walk);
    if (text.length > offset)
      entities.splice(place, 0, { ...node.entity, offset, length: text.length - offset });
  }
  tree.forEach(walk);
  return { text, ...(entities.length > 0 && { entities }) };
}
