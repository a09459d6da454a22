import { useEffect, useState } from "preact/hooks";
import type { ChatSummary } from "../../live/protocol.ts";
import { findPeople } from "../act.ts";

const TYPING_MS = 150;
/** What people hold changes while a broadcast goes out, and nobody tells of those who are only found. */
const AGAIN_MS = 2_000;

/** The people whom a query finds, looked up again while it stands; undefined while nothing was looked up. */
export function useFound(query: string): ChatSummary[] | undefined {
  const [found, setFound] = useState<ChatSummary[]>();
  const wanted = query.trim();
  useEffect(() => {
    if (wanted === "") return setFound(undefined);
    let timer = setTimeout(look, TYPING_MS);
    let left = false;
    async function look(): Promise<void> {
      const people = await findPeople(wanted);
      if (left) return;
      if (people !== undefined) setFound(people);
      timer = setTimeout(look, AGAIN_MS);
    }
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return found;
}
