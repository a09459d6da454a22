import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { type RequestListener, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { tooManyRequests } from "../../playground/server/faults.ts";
import { download } from "../../src/http/uploads/download.ts";
import { receiveUpload } from "../../src/http/uploads/receive-upload.ts";
import { MOST_FILE_BYTES } from "../../src/temporary-file.ts";
import { type ApiScene, apiScene } from "../support/api.ts";
import { until } from "../support/broadcast.ts";
import { atEnd } from "../support/herald.ts";

/** A PNG of 1 × 1, as far as its header says. */
const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000", "hex");

const form = (content: Uint8Array, part = "file", name = "menu.png") => {
  const data = new FormData();
  data.set(part, new File([new Uint8Array(content)], name, { type: "image/png" }));
  return data;
};

async function upload(
  { address, keys }: ApiScene,
  query: string,
  body: BodyInit,
  { as = "write", type }: { as?: "read" | "write" | "send"; type?: string } = {},
) {
  const response = await fetch(`${address}/v1/media${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${keys[as]}`, ...(type !== undefined && { "content-type": type }) },
    body,
    ...(body instanceof ReadableStream && ({ duplex: "half" } as object)),
  });
  // Tests compare what they find.
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const photoAt = (url: string) => JSON.stringify({ url, kind: "photo" });

const callsOf = ({ telegram }: ApiScene, wanted: string) =>
  telegram.calls.filter(({ method }) => method === wanted);

describe("a file", () => {
  test("uploaded by a form is carried once, leaves no message behind, and goes out with a post", async () => {
    const api = await apiScene(2);
    const photo = await upload(api, "?kind=photo", form(PNG));
    expect(photo).toMatchObject({
      status: 201,
      body: { id: expect.any(String), kind: "photo", size: PNG.length },
    });
    expect(api.owner.holds.filter((message) => message.photo)).toEqual([]);
    expect(callsOf(api, "sendPhoto")).toHaveLength(1);
    // The answer may have got lost; the same bytes are not carried again.
    expect((await upload(api, "?kind=photo", form(PNG))).body).toEqual(photo.body);
    expect(callsOf(api, "sendPhoto")).toHaveLength(1);
    const content = { kind: "photo", media: photo.body["id"], caption: "Menu" };
    const { body } = await api.call("POST", "/v1/campaigns", { content });
    expect(body).toMatchObject({ content, sendable: true });
    await api.call("POST", `/v1/campaigns/${body.number}/send`, { agreed_count: 2 });
    await until(() => api.people.every((id) => api.telegram.received(id).some(({ photo }) => photo)));
  });

  test.each([
    ["photo", "image/png", "photo"],
    ["video", "video/mp4", "video"],
    ["animation", "image/gif", "animation"],
    ["document", "application/pdf", "document"],
    ["audio", "audio/mpeg", "audio"],
    ["voice", "audio/ogg", "voice"],
    ["video_note", "video/mp4", "video_note"],
    ["sticker", "image/webp", "sticker"],
  ])("as the body of a request can be a %s", async (kind, type, made) => {
    const api = await apiScene(1);
    const answer = await upload(api, `?kind=${kind}&name=a.bin`, randomBytes(100), { type });
    expect(answer).toMatchObject({ status: 201, body: { kind: made } });
    const media = String(answer.body["id"]);
    const content =
      kind === "audio" || kind === "document" ? { kind, media, caption: "Look" } : { kind, media };
    expect((await api.call("POST", "/v1/campaigns", { content })).status).toBe(201);
    expect(
      (await api.call("POST", "/v1/campaigns", { content: { kind: "live_photo", media, photo: media } }))
        .status,
    ).toBe(422);
  });

  test("and its still make a live photo, which goes out with a post", async () => {
    const api = await apiScene(2);
    const still = String((await upload(api, "?kind=photo", form(PNG))).body["id"]);
    const video = { type: "video/mp4" };
    for (const [query, parameter] of [
      ["?kind=live_photo", "photo"],
      ["?kind=live_photo&photo=nothing", "photo"],
      [`?kind=video&photo=${still}`, "photo"],
    ] as const)
      expect(await upload(api, query, randomBytes(100), video)).toMatchObject({
        status: 422,
        body: { errors: [{ parameter }] },
      });
    const made = await upload(api, `?kind=live_photo&photo=${still}`, randomBytes(100), video);
    expect(made).toMatchObject({ status: 201, body: { kind: "live_photo" } });
    const content = { kind: "live_photo", media: made.body["id"], photo: still, caption: "Menu" };
    const { body } = await api.call("POST", "/v1/campaigns", { content });
    expect(body).toMatchObject({ content, sendable: true });
    await api.call("POST", `/v1/campaigns/${body.number}/send`, { agreed_count: 2 });
    await until(() => api.people.every((id) => api.telegram.received(id).some((got) => got.live_photo)));
  });

  test("is refused with its place: role, kind, size, parts, address", async () => {
    const api = await apiScene(1);
    const status = async (query: string, body: BodyInit, more = {}) =>
      (await upload(api, query, body, more)).status;
    const png = { type: "image/png" };
    expect(await status("?kind=photo", PNG, { as: "read" })).toBe(403);
    expect(await status("", PNG, png)).toBe(422);
    expect(await status("?kind=song", PNG, png)).toBe(422);
    expect(await status("?kind=photo&colour=red", PNG, png)).toBe(422);
    expect(await status("?kind=photo&name=a%2Fb", PNG, png)).toBe(422);
    expect(await status("?kind=photo", new Uint8Array(), png)).toBe(422);
    expect(await status("?kind=photo", form(PNG, "picture"))).toBe(422);
    const two = form(PNG);
    two.set("other", new File([PNG], "b.png"));
    expect(await status("?kind=photo", two)).toBe(422);
    const field = form(PNG);
    field.set("kind", "photo");
    expect(await status("?kind=photo", field)).toBe(422);
    expect(await status("?kind=photo", "--x\r\nnonsense", { type: "multipart/form-data; boundary=x" })).toBe(
      400,
    );
    expect(await status("?kind=photo", "nonsense", { type: "multipart/form-data" })).toBe(400);
    const json = { type: "application/json" };
    expect(await status("", "{", json)).toBe(400);
    expect(await status("", photoAt("https://"), json)).toBe(422);
    expect(await status("", JSON.stringify({ url: "https://example.com", kind: "photo", a: 1 }), json)).toBe(
      422,
    );
    expect(await upload(api, "", photoAt("http://localhost:1/x.png"), json)).toMatchObject({
      status: 422,
      body: { type: "urn:herald:problem:not-fetched", detail: expect.stringContaining("private network") },
    });
    expect(api.telegram.calls.filter(({ method }) => /^send(Photo|Document)$/.test(method))).toEqual([]);
  });

  test("that is too large is refused, and nothing of it stays on the disk", async () => {
    const api = await apiScene(1);
    const before = leftovers();
    const part = new Uint8Array(1_048_576);
    let parts = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        parts += 1;
        if (parts <= MOST_FILE_BYTES / part.length + 1) controller.enqueue(part);
        else controller.close();
      },
    });
    const answer = await upload(api, "?kind=document", stream, { type: "application/zip" });
    expect(answer).toMatchObject({ status: 413, body: { type: "urn:herald:problem:too-large" } });
    expect(leftovers()).toEqual(before);
  });

  test("that Telegram refuses, or may not have got, is answered with what to do", async () => {
    const api = await apiScene(1);
    const png = { type: "image/png" };
    api.telegram.fault(
      { method: "sendPhoto" },
      { error: { error_code: 400, description: "Bad Request: IMAGE_PROCESS_FAILED" } },
    );
    expect(await upload(api, "?kind=photo", PNG, png)).toMatchObject({
      status: 422,
      body: { type: "urn:herald:problem:refused", detail: expect.stringContaining("IMAGE_PROCESS_FAILED") },
    });
    api.telegram.fault({ method: "sendPhoto" }, { cut: "after" });
    expect(await upload(api, "?kind=photo", PNG, png)).toMatchObject({
      status: 502,
      body: { detail: expect.stringContaining("Send it again") },
    });
    api.telegram.fault({ method: "sendPhoto" }, { error: tooManyRequests(7) });
    expect((await upload(api, "?kind=photo", PNG, png)).status).toBe(503);
    api.telegram.fault({ method: "deleteMessage" }, { cut: "before" });
    expect((await upload(api, "?kind=photo", PNG, png)).status).toBe(201);
    expect(api.herald.logged.join("\n")).toContain("cannot be deleted");
    await api.owner.blocks();
    expect(await upload(api, "?kind=photo", randomBytes(9), png)).toMatchObject({
      status: 409,
      body: { type: "urn:herald:problem:unreachable" },
    });
  });
});

/** Files of uploads in the temporary folder that have a name. */
function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^herald-[0-9a-f]{8}-[0-9a-f]{4}-/.test(name));
}

test("a file that is being received has no name that a crash could leave behind", async () => {
  const before = leftovers();
  const file = await receiveUpload(
    (async function* () {
      yield Buffer.from("one ");
      expect(leftovers()).toEqual(before);
      yield Buffer.from("two");
    })(),
  );
  expect((await buffer(file.read())).toString()).toBe("one two");
  expect((await buffer(file.read())).toString()).toBe("one two");
  await file.close();
});

async function listening(listener: RequestListener, host = "127.0.0.1"): Promise<string> {
  const server = createServer(listener).listen(0, host);
  await once(server, "listening");
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

describe("a download", () => {
  const HERE = ["127.0.0.1"];

  test("follows redirects, and has the name and the type of what it ends at", async () => {
    const address = await listening((request, response) => {
      if (request.url === "/") response.writeHead(302, { location: "/men%C3%BC.pdf?v=1" }).end();
      else response.writeHead(200, { "content-type": "application/pdf; x=y" }).end("PDF");
    });
    const { file, ...facts } = await download(address, HERE);
    expect(facts).toEqual({ name: "menü.pdf", contentType: "application/pdf" });
    expect((await buffer(file.read())).toString()).toBe("PDF");
    await file.close();
  });

  test.each([
    "http://127.0.0.1:PORT",
    "http://localhost:PORT",
    "http://0.0.0.0:PORT",
    "http://2130706433:PORT",
    "http://0x7f.1:PORT",
    "http://127.1:PORT",
    "http://[::1]:PORT",
    "http://[::ffff:127.0.0.1]:PORT",
    "http://[64:ff9b::7f00:1]:PORT",
    "http://10.0.0.1:PORT",
    "http://192.168.1.1:PORT",
    "http://169.254.169.254/latest/meta-data",
    "http://[fd00::1]:PORT",
    "http://100.64.0.1:PORT",
  ])("does not lead to %s, neither at once nor by a redirect", async (target) => {
    let reached = 0;
    const inside = await listening((_, response) => {
      reached += 1;
      response.end("secret");
    });
    const url = target.replace("PORT", new URL(inside).port);
    await expect(download(url)).rejects.toThrow("private network");
    // From an address that is allowed.
    const outside = await listening(
      (_, response) => void response.writeHead(302, { location: url }).end(),
      "127.0.0.2",
    );
    await expect(download(outside, ["127.0.0.2"])).rejects.toThrow("private network");
    expect(reached).toBe(0);
  });

  test("is refused when it is too large, too long a chain, missing, or of another protocol", async () => {
    const address = await listening((request, response) => {
      if (request.url === "/loop") response.writeHead(302, { location: "/loop" }).end();
      else if (request.url === "/file") response.writeHead(302, { location: "file:///etc/passwd" }).end();
      else if (request.url === "/large") response.writeHead(200, { "content-length": 60_000_000 }).write("x");
      else response.writeHead(404).end();
    });
    await expect(download(`${address}/loop`, HERE)).rejects.toThrow("redirects more than 5 times");
    await expect(download(`${address}/file`, HERE)).rejects.toThrow("only http and https");
    await expect(download(`${address}/large`, HERE)).rejects.toThrow("at most");
    await expect(download(`${address}/none`, HERE)).rejects.toThrow("it answers 404");
    await expect(download("ftp://example.com/x")).rejects.toThrow("only http and https");
    await expect(download("//")).rejects.toThrow("not an address");
  });
});
