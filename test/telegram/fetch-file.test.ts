import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type RequestListener, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { createFetchFile } from "../../src/telegram/fetch-file.ts";
import { createFetchedFiles } from "../../src/telegram/fetched-files.ts";
import { createFetch } from "../../src/telegram/fetch.ts";
import { MOST_FILE_BYTES } from "../../src/temporary-file.ts";
import { atEnd } from "../support/herald.ts";

/** A Bot API server that gives out one file. */
async function server(file: { path: string; size?: number }, download: RequestListener) {
  const asked: string[] = [];
  const http = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.method === "GET") return download(request, response);
    const result = { file_id: "a", file_unique_id: "b", file_path: file.path, file_size: file.size };
    response.end(JSON.stringify({ ok: true, result }));
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  atEnd(async () => {
    http.closeAllConnections();
    http.close();
  });
  const apiRoot = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const options = { apiRoot, fetch: createFetch(apiRoot, "replies") };
  return { api: { token: "1:A", options }, asked };
}

const NEVER: RequestListener = () => {
  throw new Error("not to be downloaded");
};

test("a file is fetched from its path below the API root, whole, and can be read again", async () => {
  const { api, asked } = await server({ path: "documents/price list.pdf" }, (_, response) => {
    response.write("one ");
    setTimeout(() => response.end("two"), 20);
  });
  const fetched = await createFetchFile(api)("a");
  if (fetched.type !== "fetched") throw new Error(fetched.type);
  const { source, name, close } = fetched.file;
  if (typeof source === "string") throw new Error("on disk");
  expect((await buffer(source())).toString()).toBe("one two");
  expect((await buffer(source())).toString()).toBe("one two");
  expect(name).toBe("price list.pdf");
  expect(asked).toEqual(["/bot1:A/getFile", "/file/bot1:A/documents/price%20list.pdf"]);
  await close();
});

test("a server in local mode gives a path: the file is read there or, if that is another machine's disk, by the server", async () => {
  const folder = await mkdtemp(join(tmpdir(), "herald-test-"));
  atEnd(() => rm(folder, { recursive: true }));
  const path = join(folder, "file_1.tgs");
  await writeFile(path, "a sticker");
  const here = await createFetchFile((await server({ path }, NEVER)).api)("a");
  if (here.type !== "fetched" || typeof here.file.source === "string") throw new Error("not here");
  expect((await buffer(here.file.source())).toString()).toBe("a sticker");
  expect(here.file.name).toBe("file_1.tgs");
  const elsewhere = join(folder, "no such file.mp4");
  const there = await createFetchFile((await server({ path: elsewhere }, NEVER)).api)("a");
  expect(there).toMatchObject({
    type: "fetched",
    file: { source: expect.stringMatching(/^file:\/\/\/.*no%20such%20file\.mp4$/) },
  });
});

test.each<[string, { path: string; size?: number }, RequestListener, object]>([
  [
    "an answer without a length that ends too soon",
    { path: "a", size: 100 },
    (_, response) => {
      response.writeHead(200, { connection: "close" }).flushHeaders();
      response.write("half", () => response.socket?.end());
    },
    { type: "not-fetched" },
  ],
  [
    "a page in its place",
    { path: "a" },
    (_, response) => void response.writeHead(502).end("<html>"),
    { type: "not-fetched", description: "the file's address answered 502" },
  ],
  [
    "nothing for too long",
    { path: "a" },
    (_, response) => void response.writeHead(200, { "content-length": 9 }).write("half"),
    { type: "not-fetched", description: "the download took too long" },
  ],
  ["an empty file", { path: "a" }, (_, response) => void response.end(), { type: "not-fetched" }],
  [
    "a file that announces more than may be uploaded",
    { path: "a" },
    (_, response) => void response.writeHead(200, { "content-length": MOST_FILE_BYTES + 1 }).write("half"),
    { type: "too-large" },
  ],
  ["no path", { path: "" }, NEVER, { type: "not-fetched" }],
])("%s is no file, and the error has no token", async (_, file, download, expected) => {
  const { api } = await server(file, download);
  const fetched = await createFetchFile(api, null, 300)("a");
  expect(fetched).toMatchObject(expected);
  expect(JSON.stringify(fetched)).not.toContain("1:A");
});

test("a file that several bots need is fetched once and closed once; a failure is not kept", async () => {
  let [fetches, closed, fails] = [0, 0, true];
  const close = async () => void (closed += 1);
  const files = createFetchedFiles(async (fileId) => {
    fetches += 1;
    if (fails) return { type: "not-fetched", description: "gone" };
    return { type: "fetched", file: { source: `file:///${fileId}`, name: fileId, close } };
  });
  const nameOf = () => files.use("a", async ({ name }) => ({ name }));
  expect(await nameOf()).toEqual({ type: "not-fetched", description: "gone" });
  fails = false;
  expect(await Promise.all([nameOf(), nameOf()])).toEqual([{ name: "a" }, { name: "a" }]);
  expect(await nameOf()).toEqual({ name: "a" });
  expect([fetches, closed]).toEqual([2, 0]);
  for (const other of ["b", "c", "d", "e"]) await files.use(other, async () => ({}));
  expect(closed).toBe(1);
  await files.close();
  expect(closed).toBe(5);
  // The next one fetches it again.
  await nameOf();
  expect(fetches).toBe(7);
  await files.close();
});
