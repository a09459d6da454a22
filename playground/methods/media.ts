import type { Message, PhotoSize } from "@grammyjs/types";
import { mediaFields, type MessageBody } from "../content/message-body.ts";
import type { FileFacts, Media, MediaByKind, MediaKind } from "../content/files.ts";
import { isRecord, Params, type Upload } from "../wire/params.ts";
import { badRequest } from "../wire/refusal.ts";
import { admit, type Call, type Method, sender, target } from "./call.ts";
import { allowed, captionBody, send, sendOptions } from "./send.ts";

/** TDLib's names for the kinds, as in "can't use file of type … as …". */
const TYPE_NAMES: Record<MediaKind, string> = {
  photo: "Photo",
  live_photo: "LivePhoto",
  video: "Video",
  animation: "Animation",
  document: "Document",
  audio: "Audio",
  voice: "VoiceNote",
  video_note: "VideoNote",
  sticker: "Sticker",
};

/** The method that sends a file of this kind. */
export function sendMedia(kind: MediaKind): Method {
  const captioned = kind !== "video_note" && kind !== "sticker";
  return (call): Message => {
    const caption = captioned ? captionBody(call) : {};
    return send(call, { ...mediaBody(call, kind, call.params, kind), ...caption });
  };
}

/** Media that can be hidden behind a spoiler (Bot API, "Message", field `has_media_spoiler`). */
const SPOILED: ReadonlySet<MediaKind> = new Set(["photo", "live_photo", "video", "animation"]);

/**
 * The message fields for a file given by file_id, URL or upload. `field` is the parameter that names it. Throws
 * Telegram's refusals for a missing, empty or unknown file.
 */
export function mediaBody(call: Call, kind: MediaKind, params: Params, field: string): MessageBody {
  return {
    ...mediaFields(kind, readMedia(call, kind, params, field)),
    ...(SPOILED.has(kind) && params.flag("has_spoiler") && { has_media_spoiler: true }),
  };
}

/** The media itself; a live photo includes its still, a video its cover. */
export function readMedia(call: Call, kind: MediaKind, params: Params, field: string): Media {
  const media = resolve(call, kind, params, field);
  if (kind === "live_photo") return { photo: readStill(call, params, "photo"), ...media };
  if (kind !== "video") return media;
  const start = params.integer("start_timestamp");
  return {
    ...media,
    ...(params.has("cover") && { cover: readStill(call, params, "cover") }),
    ...(start !== undefined && start > 0 && { start_timestamp: start }),
  };
}

function readStill(call: Call, params: Params, field: string): PhotoSize[] {
  return resolve(call, "photo", params, field) as PhotoSize[];
}

function resolve(call: Call, kind: MediaKind, params: Params, field: string): Media {
  const { world, bot } = call;
  const given = params.text(field) ?? "";
  const upload = attached(call, given) ?? (given === "" ? params.uploads.get(field) : undefined);
  if (upload !== undefined) {
    if (upload.content.length === 0) throw badRequest("file must be non-empty");
    return world.files.make(kind, facts(params, upload), bot.id);
  }
  if (given === "") throw badRequest(`there is no ${kind.replace("_", " ")} in the request`);
  // Bot API, "sendLivePhoto": URLs are not supported.
  if (/^https?:\/\//i.test(given) && kind !== "live_photo") return fromUrl(call, kind, params, given);
  const file = world.files.get(given);
  if (file === undefined || (file.botId !== undefined && file.botId !== bot.id)) {
    throw badRequest("wrong file identifier/HTTP URL specified");
  }
  if (file.kind !== kind) {
    throw badRequest(`can't use file of type ${TYPE_NAMES[file.kind]} as ${TYPE_NAMES[kind]}`);
  }
  return file.media;
}

function attached(call: Call, given: string): Upload | undefined {
  if (!given.startsWith("attach://")) return undefined;
  const upload = call.params.uploads.get(given.slice("attach://".length));
  if (upload === undefined) throw badRequest("wrong file identifier/HTTP URL specified");
  return upload;
}

/** Telegram fetches the URL; the playground has no network and makes the file up. */
function fromUrl<K extends MediaKind>(call: Call, kind: K, params: Params, url: string): MediaByKind[K] {
  if (!URL.canParse(url)) throw badRequest("wrong HTTP URL specified");
  const name = new URL(url).pathname.split("/").at(-1) ?? "";
  return call.world.files.make(
    kind,
    { ...facts(params), ...(name !== "" && { file_name: name }) },
    call.bot.id,
  );
}

function facts(params: Params, upload?: Upload): FileFacts {
  const read: FileFacts = {};
  const [width, height, duration] = [
    params.integer("width"),
    params.integer("height"),
    params.integer("duration"),
  ];
  const [title, performer] = [params.text("title"), params.text("performer")];
  if (width !== undefined) read.width = width;
  if (height !== undefined) read.height = height;
  if (duration !== undefined) read.duration = duration;
  if (title !== undefined) read.title = title;
  if (performer !== undefined) read.performer = performer;
  if (upload !== undefined) {
    read.file_name = upload.name;
    read.content = upload.content;
    if (upload.mime !== "") read.mime_type = upload.mime;
  }
  return read;
}

/** Which kinds can share an album (Bot API, "sendMediaGroup"). */
const ALBUM_FAMILIES: Partial<Record<MediaKind, string>> = {
  photo: "visual",
  live_photo: "visual",
  video: "visual",
  document: "document",
  audio: "audio",
};

/** An album: 2–10 parts, all or nothing. Ignores `reply_markup`, since albums have no buttons. */
export function sendMediaGroup(call: Call): Message[] {
  const place = target(call);
  const parts = readParts(call);
  const options = sendOptions(call, place);
  const album = { ...options, media_group_id: call.world.nextAlbum() };
  const bodies = parts.map((part) => allowed(call, { ...part, ...album }));
  admit(call, place, bodies);
  return bodies.map((body) => call.world.post(place, sender(call, place), body));
}

function readParts(call: Call): MessageBody[] {
  const media = call.params.list("media");
  if (media === undefined) throw badRequest('parameter "media" is required');
  if (media.length === 0) throw badRequest("there are no messages to send");
  if (media.length > 10) throw badRequest("too many messages to send as an album");
  // Telegram may accept a single part as a plain message; the documentation promises 2–10, so be strict.
  if (media.length < 2) throw badRequest("media group must include 2-10 items");
  const kinds = media.map((part) => albumKind(part));
  const mixed = kinds.find((kind) => ALBUM_FAMILIES[kind] !== "visual");
  if (mixed !== undefined && kinds.some((kind) => kind !== mixed)) {
    throw badRequest(`${mixed} can't be mixed with other media types`);
  }
  const above = new Set(media.map((part) => isRecord(part) && part["show_caption_above_media"] === true));
  if (above.size > 1)
    throw badRequest("parameter show_caption_above_media must be the same for all messages");
  return media.map((part, index) => {
    const params = new Params(isRecord(part) ? part : {}, call.params.uploads);
    const kind = kinds[index] ?? "photo";
    return { ...mediaBody(call, kind, params, "media"), ...captionBody(call, params) };
  });
}

function albumKind(part: unknown): MediaKind {
  const type = isRecord(part) ? String(part["type"]) : "";
  const kind = (Object.keys(ALBUM_FAMILIES) as MediaKind[]).find((known) => known === type);
  if (kind === undefined)
    throw badRequest(`can't parse InputMedia: type "${type}" can't be used in sendMediaGroup`);
  return kind;
}
