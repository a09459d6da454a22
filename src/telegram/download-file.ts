import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { VERSION } from "../version.ts";
import { createConnections } from "./connections.ts";
import { ProxyAnswer } from "./outcome.ts";
import type { Proxy } from "./proxy.ts";

/** A file on its way. */
export interface IncomingFile {
  /** In bytes; null if the server does not say. */
  size: number | null;
  /** Fails if it breaks off. */
  bytes: Readable;
}

/**
 * Fetches `path` below the API root. `signal` ends it at any time, the bytes included.
 * @throws ProxyAnswer for any status but 200; NeverConnected, or another error if the answer breaks off
 */
export type DownloadFile = (path: string, signal: AbortSignal) => Promise<IncomingFile>;

/** GET over the connections that Herald's other calls use: the proxy, if there is one, and no redirects. */
export function createDownload(apiRoot: string, proxy: Proxy | null = null): DownloadFile {
  const { take, giveBack, prefix, headers, refusal } = createConnections(new URL(apiRoot), proxy);

  return (path, signal) =>
    new Promise((resolve, reject) => {
      let controller: Dispatcher.DispatchController | null = null;
      let isOver = false;
      const bytes = new Readable({
        read: () => controller?.resume(),
        destroy(error, done) {
          if (!isOver) controller?.abort(error ?? new Error("the file is not wanted any longer"));
          done(error);
        },
      });
      const abort = () => fail(new Error("the download took too long"));
      signal.addEventListener("abort", abort, { once: true });
      const client = take();

      function end(): void {
        if (isOver) return;
        isOver = true;
        signal.removeEventListener("abort", abort);
        giveBack(client);
      }

      function fail(error: Error): void {
        reject(error);
        if (isOver) return;
        const running = controller;
        end();
        running?.abort(error);
        bytes.destroy(error);
      }

      // An error before anybody reads the bytes is told by the promise.
      bytes.on("error", () => undefined);
      if (signal.aborted) return abort();
      client.dispatch(
        {
          method: "GET",
          path: prefix + path,
          headers: [...headers, "user-agent", `Herald/${VERSION} (files)`],
        },
        {
          onRequestStart(started) {
            controller = started;
            if (isOver) started.abort(new Error("given up before it left"));
          },
          onResponseStart(_, status, fields) {
            const refused = refusal(status);
            if (refused) return fail(refused);
            if (status !== 200) return fail(new ProxyAnswer(status, fields));
            resolve({ size: lengthIn(fields), bytes });
          },
          onResponseData(running, chunk) {
            if (!bytes.push(chunk)) running.pause();
          },
          onResponseEnd() {
            end();
            bytes.push(null);
          },
          onResponseError: (_, error) => fail(error),
        },
      );
    });
}

function lengthIn({ "content-length": length }: IncomingHttpHeaders): number | null {
  return length !== undefined && /^\d+$/.test(length) ? Number(length) : null;
}
