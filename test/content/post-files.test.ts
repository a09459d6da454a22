import type { Message } from "grammy/types";
import { describe, expect, test } from "vitest";
import { capture, joinAlbum } from "../../src/content/capture.ts";
import type { Content, FileRef, Version } from "../../src/content/content.ts";
import { filesOf, withFileIds, withoutFiles } from "../../src/content/post-files.ts";
import { recaptureVersion } from "../../src/content/recapture.ts";
import { render } from "../../src/content/render.ts";
import { storedContent } from "../../src/content/stored-content.ts";

const message = (parts: object, id = 17) =>
  ({
    message_id: id,
    date: 1_770_000_000,
    chat: { id: 7, type: "private", first_name: "Ada" },
    ...parts,
  }) as Message;

const file = (name: string) => ({ file_id: `${name}-id`, file_unique_id: `${name}-unique` });
const sizes = (name: string) => [
  { ...file(`${name}-small`), width: 90, height: 60 },
  { ...file(name), width: 1280, height: 853 },
];
const film = { ...file("film"), width: 640, height: 480, duration: 5, thumbnail: file("thumbnail") };
const ref = (name: string, kind: FileRef["kind"]): FileRef => ({
  fileId: `${name}-id`,
  uniqueId: `${name}-unique`,
  kind,
});

function versionOf(...messages: Message[]): Version {
  const captured = capture(messages);
  if (captured.type !== "captured") throw new Error(`not captured: ${captured.reason}`);
  return captured.version;
}

/** Without what Telegram says of them besides. */
const bare = (files: FileRef[]) => files.map(({ fileId, uniqueId, kind }) => ({ fileId, uniqueId, kind }));

const contentOf = (version: Version): Content => ({ ...version, buttons: [] });

const POLL = {
  id: "1",
  question: "Which?",
  options: [
    { text: "This", voter_count: 0, media: { sticker: { ...file("sticker"), type: "regular" } } },
    { text: "That", voter_count: 0, media: { photo: sizes("option") } },
  ],
  is_anonymous: true,
  type: "regular",
  allows_multiple_answers: false,
  media: { video: { ...film, cover: sizes("cover") } },
  explanation_media: { document: file("paper") },
};

const RICH = {
  blocks: [
    { type: "paragraph", text: "photo-id" },
    { type: "collage", blocks: [{ type: "photo", photo: sizes("photo") }] },
    { type: "voice_note", voice_note: { ...file("voice"), duration: 3 } },
  ],
};

/** Each kind of post that holds files, and the files that are sent of it. */
const POSTS: [what: string, parts: object, files: FileRef[]][] = [
  ["a photo: of its sizes the one that is sent", { photo: sizes("photo") }, [ref("photo", "photo")]],
  [
    "a live photo: the moving part and the still",
    { live_photo: { ...file("live"), photo: sizes("still"), width: 4, height: 3, duration: 2 } },
    [ref("live", "live_photo"), ref("still", "photo")],
  ],
  ["a video, without its thumbnail", { video: film }, [ref("film", "video")]],
  [
    "a video with a cover",
    { video: { ...film, cover: sizes("cover") } },
    [ref("film", "video"), ref("cover", "photo")],
  ],
  [
    "an animation, which comes as a document too",
    { document: file("dance"), animation: { ...file("dance"), width: 4, height: 3, duration: 2 } },
    [ref("dance", "animation")],
  ],
  ["a document", { document: file("paper") }, [ref("paper", "document")]],
  ["an audio", { audio: { ...file("song"), duration: 60 } }, [ref("song", "audio")]],
  ["a voice message", { voice: { ...file("voice"), duration: 3 } }, [ref("voice", "voice")]],
  ["a video note", { video_note: { ...file("note"), length: 3 } }, [ref("note", "video_note")]],
  ["a sticker", { sticker: { ...file("sticker"), type: "regular" } }, [ref("sticker", "sticker")]],
  [
    "a poll: those of its question, its options and its explanation",
    { poll: POLL },
    [
      ref("sticker", "sticker"),
      ref("option", "photo"),
      ref("paper", "document"),
      ref("film", "video"),
      ref("cover", "photo"),
    ],
  ],
  ["a rich message", { rich_message: RICH }, [ref("photo", "photo"), ref("voice", "voice")]],
  ["a text", { text: "photo-id" }, []],
];

describe("a captured post remembers the lasting ids of its files", () => {
  test.each(POSTS)("%s", (_what, parts, files) => {
    expect(bare(filesOf(contentOf(versionOf(message(parts)))))).toEqual(files);
  });

  test("of an album part by part, late ones included, and of every version", () => {
    const part = (name: string, id: number) =>
      message({ media_group_id: "g", photo: sizes(name), caption: name }, id);
    const album = joinAlbum(versionOf(part("one", 1), part("two", 2)), [part("three", 3)]);
    const german = versionOf(message({ document: file("paper") }));
    const content = { ...contentOf(album!), versions: { de: german } };
    expect(bare(filesOf(content))).toEqual([
      ref("one", "photo"),
      ref("two", "photo"),
      ref("three", "photo"),
      ref("paper", "document"),
    ]);
    expect(storedContent.parse(storedContent.store(content), "campaign 1")).toEqual(content);
  });

  test("but not when Telegram does not say them", () => {
    expect(versionOf(message({ document: { file_id: "paper-id" } }))).not.toHaveProperty("files");
  });

  test("and one without them, from an older version, is not edited by a change that nobody sees", () => {
    const sent = message({ photo: sizes("photo"), caption: "Hello" });
    const old = withoutFiles(versionOf(sent));
    expect(old).not.toHaveProperty("files");
    expect(recaptureVersion(old, sent)).toEqual({ type: "unchanged" });
    const edited = recaptureVersion(old, { ...sent, caption: "Bye" });
    expect(edited).toMatchObject({ type: "edited", edited: { files: [ref("photo", "photo")] } });
  });
});

const own = (files: readonly FileRef[]) =>
  new Map(files.map(({ uniqueId }) => [uniqueId, `own ${uniqueId}`]));

describe("a post as another bot sends it", () => {
  test.each(POSTS)("%s: each file by that bot's file_id, and nothing else changes", (_what, parts, files) => {
    const content = contentOf(versionOf(message(parts)));
    const to = { chatId: 42, campaignId: 1, seq: 1 };
    const wanted = files.reduce(
      (json, { fileId, uniqueId }) =>
        json.replaceAll(
          new RegExp(
            `("(?:media|cover|photo|live_photo|video|animation|document|audio|voice|video_note|sticker)":)"${fileId}"`,
            "g",
          ),
          `$1"own ${uniqueId}"`,
        ),
      JSON.stringify(render(content, to)),
    );
    expect(JSON.stringify(render(withFileIds(content, own(files)), to))).toBe(wanted);
    expect(wanted.match(/"own /g) ?? []).toHaveLength(files.length);
  });

  test("is the very same if that bot knows no file of it, or knows them by the same file_ids", () => {
    const content = contentOf(versionOf(message({ photo: sizes("photo") })));
    expect(withFileIds(content, new Map())).toBe(content);
    expect(withFileIds(content, new Map([["photo-unique", "photo-id"]]))).toBe(content);
  });

  test("keeps a caption that says the same as a file_id", () => {
    const content = contentOf(versionOf(message({ photo: sizes("photo"), caption: "photo-id" })));
    expect(withFileIds(content, own(filesOf(content)))).toMatchObject({
      fileId: "own photo-unique",
      caption: "photo-id",
    });
  });
});
