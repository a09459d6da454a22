import { InputFile } from "grammy";
import { expect, test } from "vitest";
import type { Telegram } from "../../playground/telegram.ts";
import { apiFor, telegramFor } from "./harness.ts";

async function fetched(telegram: Telegram, what: "files" | "pictures", id: string) {
  const response = await fetch(`${telegram.apiRoot}/playground/${what}/${encodeURIComponent(id)}`);
  const { status, headers } = response;
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status, headers, type: headers.get("content-type"), bytes, text: bytes.toString() };
}

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("a photo without bytes of its own is drawn, all its sizes alike, another one differently", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person({ started: true });
  const { photo = [] } = await ada.sends({ photo: { width: 1280, height: 720 } });
  const sizes = await Promise.all(photo.map(({ file_id }) => fetched(telegram, "pictures", file_id)));
  expect(sizes.map(({ type }) => type)).toEqual(Array(3).fill("image/svg+xml"));
  expect(new Set(sizes.map(({ text }) => text)).size).toBe(1);
  expect(sizes[0]?.text).toMatch(/^<svg [^>]*viewBox="0 0 400 225"/);
  const other = await ada.sends({ photo: { width: 1280, height: 720 } });
  expect((await fetched(telegram, "pictures", other.photo?.[0]?.file_id ?? "")).text).not.toBe(
    sizes[0]?.text,
  );
});

test("whatever shows something is drawn, small and in its own shape", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person({ started: true });
  const sent = [
    await ada.sends({ video: { width: 720, height: 1280 } }),
    await ada.sends({ animation: true }),
    await ada.sends({ live_photo: true }),
    await ada.sends({ video_note: true }),
    await ada.sends({ sticker: true }),
    await ada.sends({ audio: true }),
    await ada.sends({ photo: { width: 9000, height: 10 } }),
  ];
  const boxes = [];
  for (const { video, animation, live_photo, video_note, sticker, audio, photo } of sent) {
    const media = animation ?? live_photo ?? video ?? video_note ?? sticker ?? audio ?? photo?.[0];
    const { text } = await fetched(telegram, "pictures", media?.file_id ?? "");
    expect(text.length).toBeLessThan(3500);
    boxes.push(/viewBox="([^"]*)"/.exec(text)?.[1]);
  }
  expect(boxes).toEqual([
    "0 0 400 711",
    "0 0 400 225",
    "0 0 400 225",
    "0 0 400 400",
    "-12 -12 224 224",
    "0 0 400 400",
    "0 0 400 160",
  ]);
});

test("an image that was uploaded is served as it is, and nothing in it can act", async () => {
  const telegram = await telegramFor();
  telegram.people(1, { firstId: 7 });
  const api = apiFor(telegram);
  const { photo } = await api.sendPhoto(7, new InputFile(PNG, "dot.png"));
  const png = await fetched(telegram, "pictures", photo[0]?.file_id ?? "");
  expect([png.type, png.bytes.equals(PNG)]).toEqual(["image/png", true]);
  const script = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`;
  const { document } = await api.sendDocument(7, new InputFile(Buffer.from(script), "x.svg"));
  const svg = await fetched(telegram, "pictures", document.file_id);
  expect([svg.type, svg.text]).toEqual(["image/svg+xml", script]);
  expect(svg.headers.get("content-security-policy")).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  );
  expect(svg.headers.get("x-content-type-options")).toBe("nosniff");
});

/** How files of 1200 × 1280 pixels begin. */
const HEADERS: [string, string][] = [
  ["a PNG", "89504e470d0a1a0a 0000000d 49484452 000004b0 00000500 0806000000"],
  ["a JPEG", "ffd8 ffe00010 4a46494600010100000100010000 ffc0000b 08 0500 04b0 0101"],
  ["a progressive JPEG", "ffd8 ffc40006 ffc00102 ffc2000b 08 0500 04b0 0101"],
];

test.each(HEADERS)("a photo that is uploaded as %s is as large as it says", async (_kind, header) => {
  const telegram = await telegramFor();
  telegram.people(1, { firstId: 7 });
  const file = Buffer.from(header.replaceAll(" ", ""), "hex");
  const { photo } = await apiFor(telegram).sendPhoto(7, new InputFile(file));
  expect(photo).toMatchObject([
    { width: 84, height: 90 },
    { width: 300, height: 320 },
    { width: 1200, height: 1280 },
  ]);
});

test.each([
  ["no image", "68656c6c6f"],
  ["a PNG that is cut off", "89504e470d0a1a0a 0000000d 49484452 0000"],
  ["a JPEG that is cut off", "ffd8 ffe00010 4a46"],
  ["an image of nothing", "89504e470d0a1a0a 0000000d 49484452 00000000 00000500"],
])("of %s the size is made up", async (_kind, header) => {
  const telegram = await telegramFor();
  telegram.people(1, { firstId: 7 });
  const file = Buffer.from(header.replaceAll(" ", ""), "hex");
  const { photo } = await apiFor(telegram).sendPhoto(7, new InputFile(file));
  expect(photo.at(-1)).toMatchObject({ width: 1280, height: 853 });
});

test("a file is saved under its own name with its own bytes", async () => {
  const telegram = await telegramFor();
  telegram.people(1, { firstId: 7 });
  const csv = "chat_id,reason\n7,blocked\n";
  const { document } = await apiFor(telegram).sendDocument(
    7,
    new InputFile(Buffer.from(csv), 'Отчёт "1".csv'),
  );
  const file = await fetched(telegram, "files", document.file_id);
  expect([file.type, file.text]).toEqual(["text/csv", csv]);
  const disposition = file.headers.get("content-disposition") ?? "";
  expect(disposition).toMatch(/^attachment; filename="[\w .-]+"; filename\*=UTF-8''/);
  expect(decodeURIComponent(disposition.split("''")[1] ?? "")).toBe(document.file_name);
  expect((await fetched(telegram, "pictures", document.file_id)).status).toBe(404);
});

test("there is no picture of what nobody has sent", async () => {
  const telegram = await telegramFor();
  for (const id of ["nothing", "../../package.json", "%"])
    expect((await fetched(telegram, "pictures", id)).status).toBe(404);
  expect((await fetch(`${telegram.apiRoot}/playground/files/%E0%A4%A`)).status).toBe(404);
});
