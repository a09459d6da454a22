import type { Message } from "@grammyjs/types";
import { expect, test } from "vitest";
import { apiFor, refusalOf, telegramFor, TOKEN } from "./harness.ts";

const MB = 1024 * 1024;

/** A PNG of 1 × 1, as far as its header says. */
const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000", "hex");

interface Given {
  name: string;
  type: string;
  content: Buffer;
}

const photo: Given = { name: "sea.png", type: "image/png", content: PNG };
const video: Given = { name: "sea.mp4", type: "video/mp4", content: Buffer.from("a video") };
const song: Given = { name: "sea.mp3", type: "audio/mpeg", content: Buffer.from("a song") };
const list: Given = { name: "Список.csv", type: "text/csv", content: Buffer.from("chat_id\n7\n") };

/** A file that is so large, in bytes. */
function large(file: Given, size: number): Given {
  return { ...file, content: Buffer.alloc(size, file.content) };
}

async function scene() {
  const telegram = await telegramFor();
  const owner = telegram.person({ id: 1, started: true });
  const [reader] = telegram.people(1, { firstId: 7 });
  const api = apiFor(telegram);
  await api.getMe();
  /** Sends files as the page does. Resolves with the messages, or the sentence that refuses them. */
  const uploads = async (files: readonly Given[], message: object = {}): Promise<Message[] | string> => {
    const body = new FormData();
    body.set("message", JSON.stringify({ from: owner.id, ...message }));
    for (const [index, { name, type, content }] of files.entries())
      body.set(`file${index}`, new File([new Uint8Array(content)], name, { type }));
    const response = await fetch(`${telegram.apiRoot}/playground/uploads`, { method: "POST", body });
    const answer = (await response.json()) as Message[] | { error: string };
    return "error" in answer ? answer.error : answer;
  };
  const sent = async (files: readonly Given[], message?: object): Promise<Message[]> => {
    const answer = await uploads(files, message);
    if (typeof answer === "string") throw new Error(answer);
    return answer;
  };
  /** The bytes that a bot gets for a file_id. */
  const downloaded = async (fileId: string) => {
    const { file_path: path } = await api.getFile(fileId);
    const response = await fetch(`${telegram.apiRoot}/file/bot${TOKEN}/${path}`);
    return Buffer.from(await response.arrayBuffer());
  };
  return { telegram, owner, reader, api, uploads, sent, downloaded };
}

test.each<[string, Given, keyof Message]>([
  ["a photo", photo, "photo"],
  ["a video", video, "video"],
  ["a GIF", { ...photo, type: "image/gif" }, "animation"],
  ["music", song, "audio"],
  ["a table", list, "document"],
  ["a drawing", { ...photo, type: "image/svg+xml" }, "document"],
  ["a file that the browser does not know", { ...list, type: "" }, "document"],
])(
  "%s of one's own comes as one to the bot, which downloads it and sends it on",
  async (_what, file, kind) => {
    const { sent, downloaded, api, reader } = await scene();
    const [message] = await sent([file], { caption: "Mine" });
    expect(Object.keys(message ?? {})).toContain(kind);
    expect(message?.caption).toBe("Mine");
    const media =
      message?.photo?.at(-1) ?? message?.video ?? message?.animation ?? message?.audio ?? message?.document;
    expect((await downloaded(media?.file_id ?? "")).equals(file.content)).toBe(true);
    expect(media).toMatchObject({
      file_size: file.content.length,
      ...(kind !== "photo" && { file_name: file.name }),
    });
    const copy = await api.copyMessage(reader?.id ?? 0, 1, message?.message_id ?? 0);
    const got = reader?.holds.find(({ message_id: id }) => id === copy.message_id);
    expect(got?.[kind]).toEqual(message?.[kind]);
  },
);

test("as a file a photo is a document", async () => {
  const { sent } = await scene();
  const [message] = await sent([photo], { as: "file" });
  expect(message?.document).toMatchObject({ file_name: "sea.png", mime_type: "image/png" });
});

test("what the bytes do not say of a video, the browser does", async () => {
  const { sent } = await scene();
  const [message] = await sent([video], { facts: [{ width: 720, height: 1280, duration: 7.6 }] });
  expect(message?.video).toMatchObject({ width: 720, height: 1280, duration: 8 });
});

test("several that fit are an album with one caption, others come one by one", async () => {
  const { sent } = await scene();
  const album = await sent([photo, video], { caption: "Both" });
  expect(album.map(({ caption }) => caption)).toEqual(["Both", undefined]);
  expect(new Set(album.map(({ media_group_id: id }) => id ?? "none")).size).toBe(1);
  expect(album[0]?.media_group_id).toBeDefined();
  const mixed = await sent([photo, list, song]);
  expect(mixed.map(({ media_group_id: id }) => id)).toEqual([undefined, undefined, undefined]);
  expect((await sent([photo, list], { as: "file" }))[1]?.media_group_id).toBeDefined();
});

test("in a channel of one's own they are the channel's posts", async () => {
  const { telegram, owner, sent } = await scene();
  const channel = telegram.channel({ creator: owner });
  const [message] = await sent([photo], { in: channel.id });
  expect(message).toMatchObject({ sender_chat: { id: channel.id }, chat: { id: channel.id } });
});

test("a file above the Bot API's limits is refused in a sentence; what is too large to download is sent", async () => {
  const { uploads, sent, api } = await scene();
  expect(await uploads([large(photo, 10 * MB + 1)])).toBe(
    "sea.png is too large: a photo has at most 10 MB. Send it as a file.",
  );
  expect(await uploads([large(video, 50 * MB + 1)])).toBe(
    "sea.mp4 is too large: bots take files of at most 50 MB.",
  );
  const [message] = await sent([large(video, 20 * MB + 1)]);
  expect(await refusalOf(api.getFile(message?.video?.file_id ?? ""))).toBe(
    "400 Bad Request: file is too big",
  );
  expect(await sent([large(photo, 10 * MB)])).toHaveLength(1);
});

test("nothing, too much and what is empty is refused, and nobody gets half of it", async () => {
  const { uploads, owner } = await scene();
  expect(await uploads([])).toBe("Choose a file to send: a form carries it.");
  expect(await uploads(Array.from({ length: 11 }, () => photo))).toBe("Telegram takes 10 files at a time.");
  expect(await uploads([photo, { ...list, content: Buffer.alloc(0) }])).toBe(
    "Список.csv is empty, and Telegram takes no empty files.",
  );
  expect(await uploads([photo], { from: "nobody" })).toContain(`"from" is the id of a person`);
  expect(owner.holds).toEqual([]);
});
