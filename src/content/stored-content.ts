import type { LinkPreviewOptions, MessageEntity } from "grammy/types";
import {
  type Fields,
  type Shape,
  type Tagged,
  both,
  byField,
  byTag,
  flag,
  format,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  partly,
  record,
  text,
  yes,
} from "../stored-json.ts";
import {
  type AlbumPart,
  type Below,
  type Button,
  type ButtonAction,
  type ButtonFace,
  type Caption,
  type ContactFields,
  type Content,
  type Cover,
  type FileRef,
  type LocationFields,
  type PollFields,
  type Post,
  type PostOptions,
  type RichFields,
  type Source,
  type TextFields,
  type VenueFields,
  type Version,
  BUTTON_STYLES,
  FILE_KINDS,
} from "./content.ts";
import { fileDetails } from "./file-details.ts";

const entities = optional(list(partly<MessageEntity>({ type: text, offset: integer, length: integer })));

const button: Shape<Button> = both(
  object<ButtonFace>({
    text,
    id: optional(text),
    style: optional(oneOf(BUTTON_STYLES)),
    icon: optional(text),
  }),
  byField<ButtonAction>({
    url: text,
    app: text,
    copy: text,
    share: text,
    here: text,
    vote: yes,
    answer: text,
  }),
);
const rows = list(list(button));

const source = object<Source>({
  chatId: integer,
  messageIds: list(integer),
  albumId: optional(text),
  buttons: optional(rows),
});

const TEXT: Fields<TextFields> = {
  text,
  entities,
  linkPreview: optional(partly<LinkPreviewOptions>({})),
};
const CAPTION: Fields<Caption> = { caption: optional(text), entities };
const COVER: Fields<Cover> = { spoiler: optional(yes), captionAbove: optional(yes) };
const file = { fileId: text, uniqueId: text, kind: oneOf(FILE_KINDS), details: optional(fileDetails) };
const files = optional(list(object<FileRef>(file)));
const FILE = { fileId: text, files };

const PARTS: { [K in AlbumPart["kind"]]: Fields<Tagged<AlbumPart, "kind", K>> } = {
  photo: { ...FILE, ...CAPTION, ...COVER },
  live_photo: { ...FILE, photoId: text, ...CAPTION, ...COVER },
  video: { ...FILE, coverId: optional(text), startAt: optional(number), ...CAPTION, ...COVER },
  document: { ...FILE, ...CAPTION },
  audio: { ...FILE, ...CAPTION },
};

const poll = partly<PollFields>({
  question: text,
  options: list(partly<PollFields["options"][number]>({ text })),
  is_anonymous: optional(flag),
  type: optional(oneOf(["quiz", "regular"])),
  allows_multiple_answers: optional(flag),
  members_only: optional(flag),
  correct_option_ids: optional(list(integer)),
});

const POSTS: { [K in Post["kind"]]: Fields<Tagged<Post, "kind", K>> } = {
  text: TEXT,
  ...PARTS,
  animation: { ...FILE, ...CAPTION, ...COVER },
  voice: { ...FILE, ...CAPTION },
  video_note: FILE,
  sticker: FILE,
  album: { parts: list(byTag<AlbumPart, "kind">("kind", PARTS)) },
  poll: { poll, files },
  location: { location: partly<LocationFields>({ latitude: number, longitude: number }) },
  venue: { venue: partly<VenueFields>({ latitude: number, longitude: number, title: text }) },
  contact: { contact: partly<ContactFields>({ phone_number: text, first_name: text }) },
  dice: { emoji: text },
  rich: { rich: partly<RichFields>({}), files },
  copy: { what: text },
};

const version: Shape<Version> = both(
  byTag<Post, "kind">("kind", POSTS),
  object<Omit<Version, keyof Post>>({
    buttons: optional(rows),
    below: optional(object<Below>({ ...TEXT, source: optional(source) })),
    source: optional(source),
  }),
);

export const postOptions = object<PostOptions>({
  silent: optional(yes),
  protect: optional(yes),
  noPreview: optional(yes),
  effect: optional(text),
  forward: optional(yes),
  pin: optional(yes),
  shuffle: optional(yes),
  addOptions: optional(yes),
  hideResults: optional(yes),
  deleteAfterHours: optional(integer),
});

/** The column `content` of campaigns and of series. */
export const storedContent = format<Content, "post">(
  "post",
  both(
    version,
    object<Omit<Content, keyof Version> & Required<Pick<Content, "buttons">>>({
      buttons: rows,
      options: optional(postOptions),
      versions: optional(record(version)),
      buttonIds: optional(integer),
      retired: optional(list(button)),
      attributes: optional(list(text)),
    }),
  ),
);
