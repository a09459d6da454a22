import type { Answer } from "../shared/answer.ts";
import type { Actions, ChatSummary } from "../live/protocol.ts";
import { say } from "./notices.ts";

/**
 * How long an answer may take, in ms: longer than a bot may take to answer a tap. With enough pages open, the browser
 * does not even send what is asked.
 */
const PATIENCE_MS = 10_000;

/** What an action is answered with; most with nothing of use. */
interface Results {
  taps: Answer;
  blockSome: number;
}
type ResultOf<Name extends keyof Actions> = Name extends keyof Results ? Results[Name] : unknown;

/** Does something in the playground. What it refuses is said to the person at the page; then it resolves with undefined. */
export async function act<Name extends keyof Actions>(
  name: Name,
  what: Actions[Name],
): Promise<ResultOf<Name> | undefined> {
  try {
    const response = await fetch(`/playground/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(what),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer as ResultOf<Name>;
    say((answer as { error: string }).error, "trouble");
  } catch {
    say("The playground does not answer. Is it still running?", "trouble");
  }
  return undefined;
}

/** People whose name, username or id matches, at most 50; undefined when the playground does not answer. */
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

/** Where a file's picture is: the image itself, or one that stands for it. */
export function pictureOf(fileId: string): string {
  return `/playground/pictures/${encodeURIComponent(fileId)}`;
}
