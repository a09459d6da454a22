import { characters, checkEntities } from "../text/entities.ts";
import { MEDIA_KINDS } from "../content/files.ts";
import { isRecord } from "../wire/params.ts";
import { isFileGiven, type Post, type PostFields } from "../people/post.ts";
import type { Body } from "./read-body.ts";

/** Bot API, "sendMessage" and "sendPhoto". */
const MOST = { text: 4096, caption: 1024 };

/** Whether a value can become part of a message. Fields that a shape does not name are not checked. */
type Shape = (value: unknown) => boolean;

const isText: Shape = (value) => typeof value === "string";
const isNumber: Shape = (value) => Number.isFinite(value);
const isFlag: Shape = (value) => typeof value === "boolean";
const isKeyboard = object({ inline_keyboard: list(list(object({ text: isText }))) });
const isPlace = object({ latitude: isNumber, longitude: isNumber });
const isVenue = object({ location: isPlace, title: isText, address: isText });
const isPollMedia = either(
  ...MEDIA_KINDS.map((kind) => object({ [kind]: isFileGiven })),
  object({ location: isPlace }),
  object({ venue: isVenue }),
  object({ link: object({ url: isText }) }),
);
const isPoll = object(
  {},
  {
    id: isText,
    question: isText,
    options: list(either(isText, object({ text: isText }, { voter_count: isNumber, media: isPollMedia }))),
    type: (value) => value === "quiz" || value === "regular",
    correct_option_ids: list(isNumber),
    media: isPollMedia,
    explanation: isText,
    explanation_media: isPollMedia,
    is_closed: isFlag,
    open_period: isNumber,
    close_date: isNumber,
  },
);
const isChecklist = object({ title: isText, tasks: list(object({ id: isNumber, text: isText })) });

/** The fields of a post: a check and its description. Text and caption are checked separately. */
const FIELDS: Record<string, [shape: Shape, says: string]> = {
  ...Object.fromEntries(
    MEDIA_KINDS.map((kind) => [kind, [isFileGiven, `true, a file_id, or an object like {"width": 640}`]]),
  ),
  poll: [orUsual(isPoll), `true, or an object like {"question": "Tea?", "options": ["Yes", "No"]}`],
  rich_message: [
    orUsual(object({ blocks: list(isRecord) })),
    `true, or an object like {"blocks": [{"type": "paragraph", "text": "Hi"}]}`,
  ],
  checklist: [
    orUsual(isChecklist),
    `true, or an object like {"title": "Packing", "tasks": [{"id": 1, "text": "Passport"}]}`,
  ],
  location: [orUsual(isPlace), `true, or an object like {"latitude": 52.5, "longitude": 13.4}`],
  venue: [orUsual(isVenue), `true, or an object with "location", "title" and "address"`],
  contact: [
    orUsual(object({ phone_number: isText, first_name: isText })),
    `true, or an object like {"phone_number": "+491700000000", "first_name": "Ada"}`,
  ],
  dice: [
    orUsual(object({ emoji: isText, value: isNumber })),
    `true, or an object like {"emoji": "🎲", "value": 4}`,
  ],
  reply_markup: [
    isKeyboard,
    `an object like {"inline_keyboard": [[{"text": "Open", "url": "https://a.example"}]]}`,
  ],
  media_group_id: [isText, "a text"],
  effect_id: [isText, "a text"],
  forward_origin: [isRecord, "an object"],
  reply_to_message: [isRecord, "an object"],
  link_preview_options: [isRecord, "an object"],
  via_bot: [isRecord, "an object"],
  raw: [
    object({}, { text: isText, caption: isText, reply_markup: isKeyboard, poll: isRecord }),
    "an object with fields of a Message",
  ],
};

/** A post: a text, or an object with any content. */
export function readPost(value: unknown): Post {
  const post = typeof value === "string" ? { text: value } : value;
  if (!isRecord(post))
    throw new TypeError(`"text" is a string, or "message" an object like {"photo": true, "caption": "Hi"}`);
  return readFields(post);
}

export function readParts(value: unknown): PostFields[] {
  if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) return value.map(readFields);
  throw new TypeError(`"parts" is a list of objects like {"photo": true, "caption": "Hi"}`);
}

/** A caption and its entities as fields of a post; empty if there is none. */
export function readCaption({ caption, caption_entities: entities }: Body): PostFields {
  if (caption === undefined || caption === "") return {};
  checkText(caption, entities, MOST.caption);
  return { caption, ...(Array.isArray(entities) && entities.length > 0 && { caption_entities: entities }) };
}

/** `postBody` refuses a post without content; combinations are not checked. */
function readFields(post: Body): PostFields {
  const { text, entities, caption, caption_entities: captionEntities } = post;
  if (text !== undefined) checkText(text, entities, MOST.text);
  // People with Premium may write longer captions.
  if (caption !== undefined && caption !== "") checkText(caption, captionEntities, MOST.text);
  for (const [name, [shape, says]] of Object.entries(FIELDS))
    if (post[name] !== undefined && !shape(post[name])) throw new TypeError(`"${name}" is ${says}`);
  return post;
}

function checkText(text: unknown, entities: unknown, most: number): asserts text is string {
  if (typeof text !== "string") throw new TypeError("A text is a string.");
  if (text.trim() === "") throw new Error("There is nothing to send yet. Write something first.");
  const length = characters(text);
  if (length > most) {
    const count = new Intl.NumberFormat("en");
    throw new Error(`That is ${count.format(length)} characters. Telegram takes ${count.format(most)} here.`);
  }
  if (entities !== undefined) checkEntities(Array.isArray(entities) ? entities : [entities], text);
}

/** `true` stands for the playground's own example. */
function orUsual(shape: Shape): Shape {
  return (value) => value === true || shape(value);
}

function either(...shapes: Shape[]): Shape {
  return (value) => shapes.some((shape) => shape(value));
}

function list(shape: Shape): Shape {
  return (value) => Array.isArray(value) && value.every(shape);
}

/** An object with the required fields, and perhaps the optional ones. */
function object(required: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape {
  return (value) =>
    isRecord(value) &&
    Object.entries(required).every(([name, shape]) => shape(value[name])) &&
    Object.entries(optional).every(([name, shape]) => value[name] === undefined || shape(value[name]));
}
