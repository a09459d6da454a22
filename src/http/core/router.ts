import type { HttpBindings } from "@hono/node-server";
import { OpenAPIHono, type z } from "@hono/zod-openapi";
import type { Api as Telegram } from "grammy";
import type { Update } from "grammy/types";
import type { Actor } from "../../access/actor.ts";
import type { ApiKey } from "../../access/keys.ts";
import type { LeaveLabel } from "../../campaign/leave-button.ts";
import type { PreviewBots } from "../../campaign/post-preview.ts";
import type { Clock } from "../../clock.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { Sender } from "../../senders/sender.ts";
import type { TokenVault } from "../../senders/token-vault.ts";
import { type Fault, answerOf, invalidRequest, pointerTo } from "./problem.ts";

/** What the routes need. */
export interface ApiDeps {
  clock: Clock;
  log: Log;
  events: Events;
  /** For what a request sends by itself: test posts, and files on their way to Telegram. */
  telegram: Telegram;
  leaveLabel: LeaveLabel;
  /** The other bots of this home, for test posts. */
  bots: PreviewBots;
  /** Takes what other programs relay of their bots. */
  intake: UpdateIntake;
  settings: ApiSettings;
  /** Says of which bots the token can be read. */
  vault: Pick<TokenVault, "open">;
  /** The rate of sending by a bot, in messages a second; `now` is null if this process does not send by it. */
  rateOf: (sender: Pick<Sender, "botId" | "isHome" | "rate">) => { set: number; now: number | null };
}

/** Takes the updates of bots that another program answers. */
export interface UpdateIntake {
  /** The bot with this id or @username; null if the home has no such bot. */
  find(
    bot: string,
  ): Promise<{ botId: number; name: string; handling: "answers" | "beside"; isHome: boolean } | null>;
  /**
   * Null stands for an update that cannot be read. `leave` and `join` are commands of the bot, without their slash.
   * @throws DomainError `forbidden`
   */
  take(
    botId: number,
    actor: Actor,
    updates: readonly (Update | null)[],
    wishes: { leave: readonly string[]; join: readonly string[] },
  ): Promise<{ taken: number; known: number; foreign: number; ignored: number }>;
}

export interface ApiSettings {
  ownerIds: readonly number[];
  /** From this many people on a number has to be agreed explicitly; the API always asks for it. */
  confirmTypedFrom: number;
  maxScheduled: number;
  /** Hosts and networks that webhooks may be at although they are private. */
  webhookAllow: string;
  lateLimitHours: number;
  /** The IANA zone in which days begin unless a request names another. */
  timezone: string;
  version: string;
  publicUrl: string | null;
}

/** What the door knows of a request once its key has been found. */
export interface ApiEnv {
  Bindings: HttpBindings;
  Variables: {
    key: ApiKey;
    actor: Extract<Actor, { type: "key" }>;
    /** The home, as far as the key may see it. */
    scope: HomeScope;
  };
}

export type Api = OpenAPIHono<ApiEnv>;

/** A router whose validation answers problem details. */
export function createRouter(): Api {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined;
      const errors = result.error.issues.flatMap((issue) => faultsOf(issue, result.target));
      return answerOf(invalidRequest(errors));
    },
  });
}

/**
 * Checks what no route has checked, as a route would.
 * @throws Problem 422
 */
export function check<T extends z.ZodType>(schema: T, value: unknown, target: "json" | "query"): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => faultsOf(issue, target));
  throw invalidRequest(errors);
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: PropertyKey[];
  readonly message: string;
}

function faultsOf(issue: Issue, target: string): Fault[] {
  const path = issue.path.map(String);
  const where = (steps: string[]) =>
    target === "json" ? { pointer: pointerTo(steps) } : { parameter: steps.join(".") };
  // Of a union, the faults of the member that came closest say most.
  const inner = closest(issue);
  if (inner) return inner.flatMap((one) => faultsOf({ ...one, path: [...issue.path, ...one.path] }, target));
  const unknown = "keys" in issue && Array.isArray(issue.keys) ? issue.keys.map(String) : null;
  if (unknown)
    return unknown.map((key) => ({
      ...where([...path, key]),
      detail: "There is no such field. Leave it out.",
    }));
  return [{ ...where(path), detail: issue.message }];
}

/** The issues of the member of a union that fits best; null if the issue is not about a union. */
function closest(issue: Issue): Issue[] | null {
  if (issue.code !== "invalid_union" || !("errors" in issue) || !Array.isArray(issue.errors)) return null;
  const members = issue.errors as Issue[][];
  const depth = (issues: Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length));
  const [best] = members.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length);
  return best && best.length > 0 ? best : null;
}
