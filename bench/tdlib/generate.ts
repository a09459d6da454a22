import type { MessageEntity } from "@grammyjs/types";
import * as fc from "fast-check";

/*
 * Texts that a parser may stumble over: pieces of each syntax, combined at random. The same seed gives the same texts.
 */

const words = ["a", "b ", " ", "x.y", "é", "😀", "ñ", "-", "=", "\n", "я", "1", "\u030A", "\r", "\t"];

const tags = [
  "a",
  "b",
  "strong",
  "i",
  "em",
  "u",
  "ins",
  "s",
  "strike",
  "del",
  "code",
  "pre",
  "span",
  "blockquote",
];
const special = ["tg-spoiler", "tg-emoji", "tg-time", "x", "B", "Pre", "", "b/"];
const attributes = [
  ' href="https://example.com"',
  " href='http://a.com/?a=1&amp;b=2'",
  " href=example.com",
  ' HREF="https://example.com"',
  ' href="tg://user?id=42"',
  ' href="tg:user?id=0"',
  ' href="mailto:a@b.com"',
  " href",
  " href=",
  ' class="language-ts"',
  ' class="tg-spoiler"',
  " class=tg-spoiler",
  ' class="x"',
  ' Class="tg-spoiler"',
  ' emoji-id="5368324170671202286"',
  ' emoji-id="0"',
  " emoji-id=1",
  ' unix="1647531900"',
  ' unix="1647531900x" format="wDT"',
  " unix=-1",
  ' format="r"',
  ' format="dt"',
  ' format="q"',
  " expandable",
  ' expandable=""',
  " x",
  " =",
  ' x="&lt&#39;"',
  "\n",
  " /",
  "\v",
  " x='",
];
const references = [
  "&lt;",
  "&lt",
  "&gt;",
  "&amp;",
  "&amp",
  "&quot;",
  "&LT;",
  "&nbsp;",
  "&#39;",
  "&#39",
  "&#x1F600;",
  "&#x41",
  "&#X41;",
  "&#0;",
  "&#xD83D;",
  "&#1114111;",
  "&#1114110;",
  "&#12345678;",
  "&#00000065;",
  "&;",
  "&",
  "&#",
  "&#x",
  "&ltx",
];

const pick = (list: readonly string[]) => fc.constantFrom(...list);

const word = pick(words);
const openTag = fc
  .tuple(
    fc.oneof({ weight: 6, arbitrary: pick(tags) }, { weight: 2, arbitrary: pick(special) }),
    fc.array(pick(attributes), { maxLength: 3 }),
  )
  .map(([tag, list]) => `<${tag}${list.join("")}>`);
const closeTag = pick([...tags, ...special]).map((tag) => `</${tag}>`);
/** A properly closed element, so that the generated text is often valid. */
const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      pick(tags),
      fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 2, arbitrary: pick(attributes) }),
      fc.array(
        fc.oneof(
          { weight: 3, arbitrary: word },
          { weight: 1, arbitrary: pick(references) },
          { weight: 2, arbitrary: tie("element") },
        ),
        {
          maxLength: 3,
        },
      ),
    )
    .map(([tag, attribute, inner]) => {
      const given = tag === "span" ? ' class="tg-spoiler"' : attribute;
      return `<${tag}${given}>${inner.join("")}</${tag}>`;
    }),
}));

export const html = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: word },
      { weight: 3, arbitrary: element },
      { weight: 1, arbitrary: openTag },
      { weight: 1, arbitrary: closeTag },
      { weight: 2, arbitrary: pick(references) },
      { weight: 1, arbitrary: pick(["<", ">", "</", "</ b>", "</b ", "</>", "<>", "\0"]) },
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

const marks = [
  "*",
  "_",
  "__",
  "~",
  "|",
  "||",
  "`",
  "```",
  "[",
  "]",
  "![",
  "](",
  ")",
  ">",
  "\n>",
  "\n",
  "\\",
  "\r\n",
];
const escaped = ["\\*", "\\_", "\\.", "\\\\", "\\\n", "\\\r", "\\a", "\\>", "\\-", "\\!", "\\é"];
const wholes = [
  "*bold*",
  "_it_",
  "__u__",
  "~s~",
  "||sp||",
  "`c.d`",
  "```ts\nx*y```",
  "```\nx```",
  "```py```",
  "```\r\nx```",
  "[a](https://example.com)",
  "[a](x)",
  "[example.com]",
  "[a](tg://user?id=42)",
  "[a](http://b.com/\\))",
  "![😀](tg://emoji?id=5368324170671202286)",
  "![x](tg://time?unix=1647531900&format=wDT)",
  "![x](tg://time?unix=1647531900&format=Rr)",
  "![x](tg://time?unix=0)",
  "![x](tg://emoji?id=0)",
  "![x]",
  ">q\n",
  ">q\n>r\n",
  ">q||",
  ">q||\n",
  "**",
  "*_a_*",
  "_a__b__",
  "___a_b__",
];
export const markdown = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: pick(words.filter((text) => !/[.=-]/.test(text))) },
      { weight: 3, arbitrary: pick(wholes) },
      { weight: 2, arbitrary: pick(escaped) },
      { weight: 2, arbitrary: pick(marks) },
      { weight: 1, arbitrary: pick([".", "-", "=", "#", "+", "{", "(", "!", "\0"]) },
    ),
    { maxLength: 7 },
  )
  .map((parts) => parts.join(""));

const links = ["https://example.com", "tg://user?id=42", "a.b", "tg:resolve?domain=x", "ton://x"];
const characters = [
  "a",
  "b",
  "😀",
  " ",
  "\n",
  "é",
  "\u030A",
  "\r",
  "\u200E",
  "\u200F",
  "\u2028",
  "\t",
  "\u0333",
];

const styles = [
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "code",
  "blockquote",
  "expandable_blockquote",
];
const kinds: fc.Arbitrary<object> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...styles).map((type) => ({ type })) },
  { weight: 1, arbitrary: fc.constantFrom({ type: "pre" }, { type: "pre", language: "ts" }) },
  { weight: 1, arbitrary: fc.constantFrom(...links).map((url) => ({ type: "text_link", url })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("1", "2").map((id) => ({ type: "custom_emoji", custom_emoji_id: id })),
  },
  fc.constant({ type: "text_mention", user: { id: 42, is_bot: false, first_name: "" } }),
  fc.constant({ type: "date_time", unix_time: 1_647_531_900, date_time_format: "" }),
);

/** An entity, mostly one that fits the text: its bounds are usually where characters begin. */
function entity(bounds: number[]): fc.Arbitrary<MessageEntity> {
  const fits = fc.tuple(fc.constantFrom(...bounds), fc.constantFrom(...bounds));
  const any = fc.tuple(fc.integer({ min: -1, max: 12 }), fc.integer({ min: -1, max: 12 }));
  const place = fc.oneof({ weight: 40, arbitrary: fits }, { weight: 1, arbitrary: any });
  return fc.tuple(place, kinds).map(([[one, other], kind]) => {
    const at = { offset: Math.min(one, other), length: Math.abs(other - one) };
    // The fields match the type.
    return { ...kind, ...at } as unknown as MessageEntity;
  });
}

export const formatted = fc.array(pick(characters), { minLength: 1, maxLength: 10 }).chain((parts) => {
  let end = 0;
  const bounds = [0, ...parts.map((part) => (end += part.length))];
  return fc.record({
    text: fc.constant(parts.join("")),
    entities: fc.array(entity(bounds), { maxLength: 6 }),
  });
});

const schemes = [
  "",
  "http://",
  "https://",
  "HTTPS://",
  "http:",
  "tg://",
  "tg:",
  "ton://",
  "tonsite://",
  "ftp://",
  "mailto:",
  "tel:",
  "//",
];
const hosts = [
  "a.com",
  "example",
  "A.Com",
  "почта.рф",
  "a\u3002com",
  "1.2.3.4",
  "[::1]",
  "[::g]",
  "a_b.c",
  ".",
  ".a",
  "",
  "a b.c",
  "a\\b.c",
  "resolve",
  "a%20.b",
  "a%2.b",
  "t.me",
  "user",
];
const users = ["", "", "", "", "", "", "", "u@", "u:p@", "a@b@", "u/@", "%zz@"];
const ports = [
  "",
  "",
  "",
  "",
  "",
  "",
  "",
  "",
  ":",
  ":0",
  ":80",
  ":080",
  ":65535",
  ":65536",
  ":-1",
  ":a",
  ":+1",
];
const rests = ["", "", "/", "/x y", "?a=b", "#c", "/é?x=1 ", "\\x", "?id=42", "/\t", "//"];
export const link = fc
  .tuple(pick(schemes), pick(users), pick(hosts), pick(ports), pick(rests))
  .map((parts) => parts.join(""));
