import type { Answer } from "../../shared/answer.ts";
import type { Actions, ChatSummary } from "../../shared/protocol.ts";
import { say } from "./notices.ts";
import { t } from "./locale.ts";

/**
 * How long an answer may take, in ms. Longer than a bot may take to answer a tap. If too many pages are open, the
 * browser does not even send the request.
 */
const PATIENCE_MS = 10_000;

/** What actions return; most return nothing useful. */
interface Results {
  taps: Answer;
  blockSome: number;
}
type ResultOf<Name extends keyof Actions> = Name extends keyof Results ? Results[Name] : unknown;

/** Performs an action in the playground. A refusal is shown to the user; then it resolves with undefined. */
export async function act<Name extends keyof Actions>(
  name: Name,
  what: Actions[Name],
): Promise<ResultOf<Name> | undefined> {
  return post(name, { headers: { "content-type": "application/json" }, body: JSON.stringify(what) });
}

/** Uploads files. A refusal is shown to the user; then it resolves with undefined. */
export async function upload(what: Actions["uploads"], files: readonly File[]): Promise<unknown> {
  const body = new FormData();
  body.set("message", JSON.stringify(what));
  for (const [index, file] of files.entries()) body.set(`file${index}`, file);
  return post("uploads", { body });
}

async function post<Name extends keyof Actions>(
  name: Name,
  request: RequestInit,
): Promise<ResultOf<Name> | undefined> {
  try {
    const response = await fetch(`/playground/${name}`, {
      ...request,
      method: "POST",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer as ResultOf<Name>;
    say((answer as { error: string }).error, "trouble");
  } catch {
    say(t("no-answer"), "trouble");
  }
  return undefined;
}

/** People whose name, username or id matches, at most 50; undefined if the playground does not answer. */
export async function findPeople(query: string): Promise<ChatSummary[] | undefined> {
  try {
    const response = await fetch(`/playground/people?query=${encodeURIComponent(query)}`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return response.ok ? ((await response.json()) as ChatSummary[]) : undefined;
  } catch {
    return undefined;
  }
}

/** The address of a file's picture: the image itself, or a drawing for it. */
export function pictureOf(fileId: string): string {
  return `/playground/pictures/${encodeURIComponent(fileId)}`;
}
