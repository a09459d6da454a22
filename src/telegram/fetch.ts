import type { Readable } from "node:stream";
import type { ApiClientOptions } from "grammy";
import { type Purpose, createPost } from "./post.ts";
import type { Proxy } from "./proxy.ts";

type Fetch = NonNullable<ApiClientOptions["fetch"]>;

interface Init {
  body: string | Readable;
  headers: Record<string, string>;
  signal?: AbortSignal;
}

/** A `fetch` for grammY's client; see `createPost`. */
export function createFetch(apiRoot: string, purpose: Purpose, proxy?: Proxy | null): Fetch {
  const post = createPost(apiRoot, purpose, proxy);
  // grammY uses nothing of an answer but its JSON.
  const fetch: unknown = async (url: string, { body, headers, signal }: Init) => {
    const contentType = headers["content-type"] ?? "application/json";
    const answer = await post({ path: url.slice(apiRoot.length), contentType, body, signal });
    return { json: async () => answer };
  };
  return fetch as Fetch;
}
