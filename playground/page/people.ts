import { useEffect, useState } from "preact/hooks";
import type { ChatSummary } from "../live/protocol.ts";
import { findPeople } from "./act.ts";

/** How long the typing has to rest before people are looked for, in ms. */
const REST_MS = 150;

/**
 * The people whom a query finds; undefined until somebody was looked for, and while there is no query. With `againMs`,
 * they are looked for again so many ms after each answer.
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
