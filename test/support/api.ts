import { createKey } from "../../src/access/keys.ts";
import { KEY_ROLES, type KeyRole } from "../../src/db/states.ts";
import { OWNER } from "./herald.ts";
import { type Crowd, type Scene, type SceneOptions, scene } from "./scene.ts";

/** What a call of the API came to. */
export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed if it is JSON, else as text. */
  // Tests read fields of many shapes, and compare what they find.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

export interface CallOptions {
  /** The role whose key is sent, or a key; null sends none. Default: `send`. */
  as?: KeyRole | { key: string } | null;
  headers?: Record<string, string>;
}

export interface ApiScene extends Scene {
  /** Such as http://127.0.0.1:40000. */
  address: string;
  keys: Record<KeyRole, string>;
  /** Calls the API with a JSON body, a ready body, or none. */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
}

export const HTTP = { host: "127.0.0.1", port: 0, publicUrl: null };

/** A running Herald with its HTTP API on, and a key of each role. */
export async function apiScene(crowd: Crowd, options: SceneOptions = {}): Promise<ApiScene> {
  const keys: Partial<Record<KeyRole, string>> = {};
  const staged = await scene(crowd, {
    ...options,
    config: { http: HTTP, ...options.config },
    async prepare(scope) {
      await options.prepare?.(scope);
      for (const role of KEY_ROLES)
        keys[role] = (await createKey(scope, OWNER, { name: `A ${role} key`, role, expiresAt: null })).secret;
    },
  });
  const address = staged.herald.httpAddress ?? "";
  const all = keys as Record<KeyRole, string>;
  return { ...staged, address, keys: all, call: callerOf(address, all) };
}

/** Calls the API at this address, by the keys of roles. */
export function callerOf(address: string, keys: Record<KeyRole, string>): ApiScene["call"] {
  return async (method, path, body, { as = "send", headers = {} } = {}) => {
    const key = as === null ? null : typeof as === "string" ? keys[as] : as.key;
    const isReady = typeof body === "string" || body instanceof Blob || body instanceof ReadableStream;
    const response = await fetch(address + path, {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && !isReady && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: isReady ? body : JSON.stringify(body) }),
      // Required for a stream, and unknown to the types of Node 20.
      ...(body instanceof ReadableStream && ({ duplex: "half" } as object)),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
}
