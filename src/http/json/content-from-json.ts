import type { z } from "@hono/zod-openapi";
import type {
  AlbumPart,
  Content,
  PollFields,
  Post,
  PostOptions,
  RichFields,
  Version,
} from "../../content/content.ts";
import { goTogether } from "../../content/capture.ts";
import { beyondLimits } from "../../content/limits.ts";
import type { Fault } from "../core/problem.ts";
import type {
  AlbumPartShape,
  ContentJson,
  Entity,
  OptionsJson,
  VersionJson,
} from "../shapes/content-shapes.ts";
import { buttonsFromJson } from "./buttons-from-json.ts";
import { type FaultList, createFaultList, defined } from "./fault-list.ts";
import { type KnownFiles, type MediaReader, createMediaReader } from "./media-from-json.ts";
import { captionFromJson, formattedFromJson, textFromJson } from "./text-from-json.ts";

type PartJson = z.infer<typeof AlbumPartShape>;
type PollJson = Extract<VersionJson, { kind: "poll" }>["poll"];

/** What a post is read with. */
interface Reading {
  faults: FaultList;
  media: MediaReader;
}

/** Reads a post; what is wrong with it comes as faults, each with its place. */
export function contentFromJson(
  { options, versions, ...post }: ContentJson,
  files: KnownFiles,
): { content: Content; faults: [] } | { content: null; faults: [Fault, ...Fault[]] } {
  const faults = createFaultList();
  const reading = { faults, media: createMediaReader(files, faults) };
  const version = versionFrom(post, "", reading);
  const content: Content = {
    ...version,
    buttons: version.buttons ?? [],
    ...(options && optionsFrom(options)),
    ...(versions && {
      versions: Object.fromEntries(
        Object.entries(versions).map(([language, one]) => [
          language,
          versionFrom(one, `/versions/${language}`, reading),
        ]),
      ),
    }),
  };
  const [first, ...others] = faults.all;
  return first ? { content: null, faults: [first, ...others] } : { content, faults: [] };
}

function versionFrom(json: VersionJson, at: string, reading: Reading): Version {
  const { buttons, below } = json;
  const { faults } = reading;
  const read: Version = {
    ...postFrom(json, at, reading),
    ...(buttons && { buttons: buttonsFromJson(buttons, `${at}/buttons`, faults) }),
    ...(below && { below: textFromJson(below, `${at}/below`, faults) }),
  };
  const excess = beyondLimits(read);
  if (excess) faults.add(at, `The text is too long by ${excess.over} characters: at most ${excess.limit}.`);
  return read;
}

function postFrom(json: VersionJson, at: string, reading: Reading): Post {
  const { faults, media } = reading;
  switch (json.kind) {
    case "text":
      return { kind: "text", ...textFromJson(json, at, faults) };
    case "photo":
    case "video":
    case "live_photo":
    case "document":
    case "audio":
      return partFrom(json, at, reading);
    case "animation":
      return {
        kind: "animation",
        ...media.media(json.media, "animation", at),
        ...captionFromJson(json, at, faults),
        ...coverFrom(json),
      };
    case "voice":
      return { kind: "voice", ...media.media(json.media, "voice", at), ...captionFromJson(json, at, faults) };
    case "video_note":
    case "sticker":
      return { kind: json.kind, ...media.media(json.media, json.kind, at) };
    case "album": {
      const parts = json.parts.map((one, index) => partFrom(one, `${at}/parts/${index}`, reading));
      if (!goTogether(parts))
        faults.add(
          `${at}/parts`,
          "Photos and videos go together; documents and audio each among themselves.",
        );
      return { kind: "album", parts };
    }
    case "poll": {
      const { fields: poll, ...files } = media.replaced(
        pollFrom(json.poll, `${at}/poll`, faults),
        `${at}/poll`,
      );
      return { kind: "poll", poll, ...files };
    }
    case "location":
      return { kind: "location", location: defined(json.location) };
    case "venue":
      return { kind: "venue", venue: defined(json.venue) };
    case "contact":
      return { kind: "contact", contact: defined(json.contact) };
    case "dice":
      return { kind: "dice", emoji: json.emoji };
    case "rich": {
      // What is wrong with its blocks, Telegram says in a test.
      const { fields: rich, ...files } = media.replaced<RichFields>(json.rich, `${at}/rich`);
      return { kind: "rich", rich, ...files };
    }
    case "copy":
      faults.add(`${at}/kind`, "A copied message cannot be made here: send it to the bot, in /broadcast.");
      return { kind: "copy", what: json.what };
  }
}

function partFrom(json: PartJson, at: string, { faults, media }: Reading): AlbumPart {
  const caption = captionFromJson(json, at, faults);
  const own = media.media(json.media, json.kind, at);
  switch (json.kind) {
    case "photo":
      return { kind: "photo", ...own, ...caption, ...coverFrom(json) };
    case "video": {
      const cover = json.cover === undefined ? null : media.file(json.cover, "photo", `${at}/cover`);
      return {
        kind: "video",
        ...own,
        ...(cover && { coverId: cover.fileId, files: [...own.files, cover] }),
        ...caption,
        ...coverFrom(json),
        ...(json.start_at !== undefined && { startAt: json.start_at }),
      };
    }
    case "live_photo": {
      const still = media.file(json.photo, "photo", `${at}/photo`);
      const files = [...own.files, still];
      return { kind: "live_photo", ...own, photoId: still.fileId, files, ...caption, ...coverFrom(json) };
    }
    case "document":
    case "audio":
      return { kind: json.kind, ...own, ...caption };
  }
}

function pollFrom(json: PollJson, at: string, faults: FaultList): PollFields {
  const entities = (given: Entity[] | undefined, text: string, field: string) =>
    given && formattedFromJson(text, { entities: given }, `${at}/${field}`, faults).entities;
  // Telegram's own limits come with a test: they differ by kind, and change with the Bot API.
  const read: unknown = defined({
    ...json,
    question_entities: entities(json.question_entities, json.question, "question"),
    explanation_entities: entities(json.explanation_entities, json.explanation ?? "", "explanation"),
    description_entities: entities(json.description_entities, json.description ?? "", "description"),
    options: json.options.map((option, index) =>
      defined({
        ...option,
        text_entities: entities(option.text_entities, option.text, `options/${index}/text`),
      }),
    ),
  });
  return read as PollFields;
}

function coverFrom(json: { spoiler?: boolean | undefined; caption_above?: boolean | undefined }) {
  return {
    ...(json.spoiler && { spoiler: true as const }),
    ...(json.caption_above && { captionAbove: true as const }),
  };
}

function optionsFrom(json: OptionsJson): { options?: PostOptions } {
  const options: PostOptions = {
    ...(json.silent && { silent: true }),
    ...(json.protect && { protect: true }),
    ...(json.no_preview && { noPreview: true }),
    ...(json.effect && { effect: json.effect }),
    ...(json.forward && { forward: true }),
    ...(json.pin && { pin: true }),
    ...(json.shuffle && { shuffle: true }),
    ...(json.add_options && { addOptions: true }),
    ...(json.hide_results && { hideResults: true }),
    ...(json.delete_after_hours !== undefined && { deleteAfterHours: json.delete_after_hours }),
  };
  return Object.keys(options).length > 0 ? { options } : {};
}
