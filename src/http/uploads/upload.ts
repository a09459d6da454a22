import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import busboy from "busboy";
import { Problem } from "../core/problem.ts";
import type { TemporaryFile } from "../../temporary-file.ts";
import { receiveUpload } from "./receive-upload.ts";

/** A file that a request brought. */
export interface Upload {
  file: TemporaryFile;
  /** As the sender calls it; null if they do not say. */
  name: string | null;
  /** Without parameters, in lower case; empty if they do not say. */
  contentType: string;
}

/**
 * Reads the file of a request: the part `file` of a form, or the whole body.
 * @throws Problem
 */
export async function readUpload(request: Request): Promise<Upload> {
  const header = request.headers.get("content-type") ?? "";
  const contentType = (header.split(";", 1)[0] ?? "").trim().toLowerCase();
  const body = bodyOf(request);
  if (contentType === "multipart/form-data") return readForm(body, header);
  return { file: await receiveUpload(body), name: null, contentType };
}

const ONE_FILE = 'A form has one part, called "file". The kind stands in the address: ?kind=photo';

async function readForm(body: Readable, header: string): Promise<Upload> {
  const form = openForm(header);
  const received: Promise<Upload>[] = [];
  const refuse = () => form.destroy(new Problem(422, "invalid", ONE_FILE));
  form.on("file", (part, stream, { filename, mimeType }) => {
    // It fails together with the form, which says why; an error that nobody hears would end the process.
    stream.on("error", () => undefined);
    if (part !== "file") return refuse();
    const upload = receiveUpload(stream).then((file) => ({
      file,
      name: filename || null,
      contentType: mimeType.toLowerCase(),
    }));
    received.push(upload);
    upload.catch((error: Error) => form.destroy(error));
  });
  for (const excess of ["fieldsLimit", "filesLimit"] as const) form.on(excess, refuse);
  try {
    await pipeline(body, form);
    const [upload] = received;
    if (!upload) throw new Problem(422, "invalid", ONE_FILE);
    return await upload;
  } catch (error) {
    for (const upload of received)
      upload.then(
        ({ file }) => file.close(),
        () => undefined, // it has closed its file by itself
      );
    if (error instanceof Problem) throw error;
    throw new Problem(400, "malformed", `The form cannot be read: ${(error as Error).message}.`);
  }
}

function openForm(header: string): busboy.Busboy {
  try {
    return busboy({ headers: { "content-type": header }, limits: { files: 1, fields: 0 } });
  } catch (error) {
    throw new Problem(400, "malformed", `The form cannot be read: ${(error as Error).message}.`);
  }
}

/** An address and a name are never as long. */
const MOST_JSON_BYTES = 65_536;

/**
 * The value of a request's JSON.
 * @throws Problem 400 or 413
 */
export async function readJson(request: Request): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bodyOf(request)) {
    size += (part as Uint8Array).length;
    if (size > MOST_JSON_BYTES)
      throw new Problem(413, "too-large", `This body has at most ${MOST_JSON_BYTES} bytes.`);
    parts.push(part as Uint8Array);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString());
  } catch {
    throw new Problem(400, "malformed", "The request cannot be read: Malformed JSON in request body.");
  }
}

function bodyOf({ body }: Request): Readable {
  if (body === null)
    throw new Problem(422, "invalid", "The request has no body. Send a file, or JSON with its url.");
  return Readable.fromWeb(body as WebStream<Uint8Array>);
}
