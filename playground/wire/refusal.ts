import type { ResponseParameters } from "@grammyjs/types";

/** Telegram's error answer: the `ok: false` part of a Bot API answer. */
export interface ApiFailure {
  error_code: number;
  description: string;
  parameters?: ResponseParameters;
}

/** Thrown by a method; the server turns it into the answer `{ ok: false, ...failure }`. */
export class Refusal extends Error {
  readonly failure: ApiFailure;

  constructor(failure: ApiFailure) {
    super(failure.description);
    this.name = "Refusal";
    this.failure = failure;
  }
}

/** A 400 with Telegram's usual prefix. `words` is the part after "Bad Request: ". */
export function badRequest(words: string): Refusal {
  return new Refusal({ error_code: 400, description: `Bad Request: ${words}` });
}

/** A 403 with Telegram's usual prefix. `words` is the part after "Forbidden: ". */
export function forbidden(words: string): Refusal {
  return new Refusal({ error_code: 403, description: `Forbidden: ${words}` });
}
