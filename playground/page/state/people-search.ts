import { useEffect, useState } from "preact/hooks";
import type { ChatSummary } from "../../shared/protocol.ts";
import { findPeople } from "./act.ts";

/** How long to wait after the last keystroke before searching, in ms. */
const REST_MS = 150;

/**
 * The people that a query finds; undefined until the first answer, and without a query. With `againMs`, the search is
 * repeated that many ms after each answer.
 */
export function usePeople(query: string | undefined, againMs?: number): ChatSummary[] | undefined {
  const [people, setPeople] = useState<ChatSummary[]>();
  const wanted = query?.trim();
  useEffect(() => {
    if (wanted === undefined) return setPeople(undefined);
    let isStale = false;
    const look = async () => {
      const found = await findPeople(wanted);
      if (isStale) return;
      if (found !== undefined) setPeople(found);
      if (againMs !== undefined) timer = setTimeout(look, againMs);
    };
    let timer = setTimeout(look, REST_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [wanted, againMs]);
  return people;
}
