import { createHeldUpdates } from "./held-updates.ts";

/*
 * Holds updates and hands them on, one request at a time, so that they keep their order. An update leaves only when Herald has
 * taken it, or refuses it for good.
 */

export interface CourierParts {
  address: string;
  key: string;
  /** Characters. */
  holdAtMost: number;
  say: (sentence: string) => void;
}

export interface Courier {
  /** Takes an update as JSON. */
  add(update: string): void;
  flush(withinMs: number): Promise<boolean>;
  close(withinMs: number): Promise<boolean>;
  readonly held: number;
  readonly lost: number;
}

/** In one request. Herald takes 1,000 updates and 1 MiB. */
const MOST_AT_ONCE = 100;
const MOST_CHARACTERS = 200_000;

const REQUEST_MS = 30_000;
const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [500, 30_000];
/** What only a person can put right is tried again this often. */
const WAIT_FOR_A_PERSON_MS = 60_000;

/** What Herald said to a request. */
type Answer =
  | { type: "taken" }
  /** One of the updates is not to its liking. */
  | { type: "unfit"; why: string }
  | { type: "refused"; remedy: string }
  | { type: "away"; why: string; waitMs?: number };

export function createCourier({ address, key, holdAtMost, say }: CourierParts): Courier {
  const held = createHeldUpdates(holdAtMost);
  const closing = new AbortController();
  const { signal: closed } = closing;
  let lost = 0;
  let most = MOST_AT_ONCE;
  let running: Promise<void> | null = null;
  let nap = createNap(0);
  /** What was said last, so that it is said once. */
  let trouble: "refused" | "away" | null = null;
  let isFull = false;

  function begin(what: "refused" | "away", sentence: string): void {
    if (trouble !== what) say(sentence);
    trouble = what;
  }

  function over(): void {
    if (trouble !== null) say("Herald takes updates again.");
    trouble = null;
    isFull = false;
    most = Math.min(MOST_AT_ONCE, most * 2);
  }

  async function run(): Promise<void> {
    await Promise.resolve(); // not before add() has returned
    for (let failures = 0; held.size > 0 && !closed.aborted;) {
      const batch = held.cut(most, MOST_CHARACTERS);
      const answer = await post(address, key, batch);
      const waitMs = settle(batch, answer, failures);
      failures = answer.type === "away" ? failures + 1 : 0;
      if (waitMs > 0 && !closed.aborted) await (nap = createNap(waitMs)).over;
    }
  }

  /** Does what the answer asks for. Returns how long to wait. */
  function settle(batch: readonly string[], answer: Answer, failures: number): number {
    if (answer.type === "taken") {
      held.done(batch);
      over();
      return 0;
    }
    if (answer.type === "unfit" && batch.length === 1) {
      held.done(batch);
      lost += 1;
      say(`Herald refuses an update: ${answer.why}`);
      return 0;
    }
    held.putBack(batch);
    switch (answer.type) {
      case "unfit":
        most = Math.ceil(batch.length / 2); // to find the one
        return 0;
      case "refused":
        begin("refused", `${answer.remedy} Updates are held meanwhile.`);
        return WAIT_FOR_A_PERSON_MS;
      case "away": {
        begin("away", `Herald cannot be reached, updates are held: ${answer.why}`);
        const doubled = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
        return Math.max(answer.waitMs ?? 0, doubled * (0.75 + Math.random() / 2));
      }
    }
  }

  /** A wait for the next attempt is cut short. */
  async function flush(withinMs: number): Promise<boolean> {
    nap.end();
    const late = createNap(withinMs, true);
    await Promise.race([running ?? Promise.resolve(), late.over]);
    late.end();
    return held.size === 0;
  }

  return {
    add(update) {
      if (closed.aborted) {
        lost += 1;
        return;
      }
      const gone = held.add(update);
      lost += gone;
      if (gone > 0 && !isFull)
        say("too much is held, so the oldest updates are lost until Herald can be reached again.");
      isFull ||= gone > 0;
      running ??= run().finally(() => (running = null));
    },
    flush,
    async close(withinMs) {
      if (closed.aborted) return held.size === 0;
      const isEmpty = await flush(withinMs);
      closing.abort();
      nap.end();
      lost += held.size;
      if (!isEmpty) say(`it is closed, and ${held.size} updates were not handed on.`);
      return isEmpty;
    },
    get held() {
      return held.size;
    },
    get lost() {
      return lost;
    },
  };
}

/** A wait that can be cut short. The process stays for it only if told to. */
function createNap(ms: number, holdsProcess = false): { over: Promise<void>; end: () => void } {
  const ending = new AbortController();
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    if (!holdsProcess) timer.unref();
    ending.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return { over, end: () => ending.abort() };
}

async function post(address: string, key: string, batch: readonly string[]): Promise<Answer> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: `[${batch.join(",")}]`,
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    return await answerIn(response);
  } catch (error) {
    return { type: "away", why: wordsOf(error) };
  }
}

async function answerIn(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const problem = status === 202 ? null : await detailOf(response);
  if (status === 202) {
    await response.arrayBuffer(); // or the connection is not used again
    return { type: "taken" };
  }
  const why = problem ?? `HTTP ${status}`;
  switch (status) {
    case 400:
    case 413:
    case 422:
      return { type: "unfit", why };
    case 401:
      return { type: "refused", remedy: `${why} Put a key of the role relay into this program.` };
    case 403:
      return {
        type: "refused",
        remedy: `The key may not relay updates: it has to be of the role relay (/keys). ${why}`,
      };
    case 404:
      return { type: "refused", remedy: `Herald has no such bot there: check url and bot. ${why}` };
    case 409:
      return { type: "refused", remedy: why };
    case 301:
    case 302:
    case 307:
    case 308:
      return {
        type: "refused",
        remedy: `url leads on to ${headers.get("location") ?? "elsewhere"}: use that address.`,
      };
    default: {
      const seconds = Number(headers.get("retry-after") ?? 0);
      return { type: "away", why, ...(seconds > 0 && { waitMs: seconds * 1_000 }) };
    }
  }
}

/** What a problem of Herald says; null for the page of another server. */
async function detailOf(response: Response): Promise<string | null> {
  const body = await response.text();
  if (!response.headers.get("content-type")?.startsWith("application/problem+json")) return null;
  const { detail } = JSON.parse(body) as { detail?: unknown };
  return typeof detail === "string" ? detail : null;
}

function wordsOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
