import { expect, test } from "vitest";
import { type Freight, carryFile } from "../../src/telegram/carry-file.ts";

/** What the Bot API gets, as the text of its form. */
async function sent(freight: Freight): Promise<{ method: string; form: string }> {
  const calls: { method: string; form: string }[] = [];
  const fetch = async (url: string, { body }: { body: string | AsyncIterable<Uint8Array> }) => {
    let form = "";
    for await (const part of typeof body === "string" ? [body] : body) form += Buffer.from(part).toString();
    calls.push({ method: url.split("/").at(-1) ?? "", form });
    return { json: async () => ({ ok: true, result: { message_id: 1 } }) };
  };
  const options = { apiRoot: "http://127.0.0.1:1", fetch: fetch as never };
  expect(await carryFile({ token: "1:A", options }, 7, freight)).toMatchObject({ type: "delivered" });
  expect(calls.map(({ method }) => method)).toEqual([calls[0]?.method, "deleteMessage"]);
  return calls[0]!;
}

const source = (text: string) =>
  async function* () {
    yield Buffer.from(text);
  };

/** The value of a plain field of a form. */
const field = (form: string, name: string) =>
  new RegExp(
    `name="${name}"(?:;filename=[^\\r]+)?\\r\\n(?:content-type[^\\r]*\\r\\n)?\\r\\n([^\\r]*)`,
    "i",
  ).exec(form)?.[1];

test("a video says its size and length, and brings its thumbnail", async () => {
  const { method, form } = await sent({
    kind: "video",
    name: "film.mp4",
    source: source("the film"),
    facts: { width: 640, height: 480, duration: 5 },
    thumbnail: source("the thumbnail"),
  });
  expect(method).toBe("sendVideo");
  expect(
    ["width", "height", "duration", "supports_streaming", "disable_notification"].map((name) =>
      field(form, name),
    ),
  ).toEqual(["640", "480", "5", "true", "true"]);
  expect(form).toContain("filename=film.mp4");
  expect(form).toContain("the film");
  expect(form).toContain("the thumbnail");
  expect(field(form, "thumbnail")).toMatch(/^attach:\/\//);
});

test("a document stays a document, whatever Telegram thinks of it", async () => {
  const { form } = await sent({ kind: "document", name: "a.mp4", source: source("bytes") });
  expect(field(form, "disable_content_type_detection")).toBe("true");
});

test("a live photo brings both its files, or one and the file_id of the other", async () => {
  const live = { kind: "live_photo" as const, name: "live.mp4", source: source("moving") };
  const both = await sent({ ...live, still: source("still") });
  expect(both.method).toBe("sendLivePhoto");
  expect(both.form).toContain("moving");
  expect(both.form).toContain("still");
  const one = await sent({ ...live, still: { fileId: "AgAC" } });
  expect(field(one.form, "photo")).toBe("AgAC");
});

test("a video note is a square, a sticker keeps its emoji, a piece of music its title", async () => {
  const facts = { width: 384, height: 384, duration: 8, emoji: "🎁", title: "Air", performer: "Bach" };
  const common = { name: "a", source: source("bytes"), facts };
  expect(field((await sent({ kind: "video_note", ...common })).form, "length")).toBe("384");
  expect(field((await sent({ kind: "sticker", ...common })).form, "emoji")).toBe("🎁");
  const audio = (await sent({ kind: "audio", ...common })).form;
  expect([field(audio, "title"), field(audio, "performer"), field(audio, "duration")]).toEqual([
    "Air",
    "Bach",
    "8",
  ]);
});

test("a file on the Bot API server's own disk is named, not sent", async () => {
  const { form } = await sent({ kind: "photo", name: "a.jpg", source: "file:///var/lib/a.jpg" });
  expect(JSON.parse(form)).toMatchObject({ photo: "file:///var/lib/a.jpg" });
});
