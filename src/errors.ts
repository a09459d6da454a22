/** Why the domain refuses something. Each code has a sentence in locales/*.ftl under `error-<code>`. */
export const ERROR_CODES = [
  "not-found",
  "forbidden",
  "conflict",
  "changed",
  "nobody",
  "unsendable",
  "no-campaign",
  "no-audience",
  "not-editable",
  "no-edit",
  "count-moved",
  "count-not-typed",
  "reach-needed",
  "later-run",
  "needs-time",
  "details-gone",
  "overdue",
  "past",
  "too-far",
  "too-many",
  "origin-reused",
  "bot-unknown",
  "bot-beside",
  "bots-for-chats",
  "bots-too-many",
  "person-forgotten",
  "list-unknown",
  "list-name-unfit",
  "list-name-taken",
  "too-many-lists",
  "segment-unknown",
  "segment-name-unfit",
  "segment-name-taken",
  "too-many-segments",
  "too-many-webhooks",
  "webhook-disabled",
  "bot-is-home",
  "bot-known",
  "bot-leaving",
  "bot-elsewhere",
  "bot-configured",
  "bot-needs-token",
  "bot-has-webhook",
  "bot-may-be-polled",
  "bot-name-unfit",
  "bot-rate-unfit",
  "bot-rate-not-free",
  "bot-campaigns-moved",
  "bot-removal-not-typed",
  "bot-token-malformed",
  "bot-token-of-another",
  "bot-token-refused",
  "bot-not-managed",
  "telegram-unreachable",
  "no-secret-key",
  "code-pattern-unfit",
  "no-code-pool",
  "codes-lacking",
  "category-unknown",
  "category-name-unfit",
  "category-name-taken",
  "too-many-categories",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** A refusal that a person can act on; the bot words it in the admin's language. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, string | number>;

  constructor(code: ErrorCode, details: Record<string, string | number> = {}) {
    super(code);
    this.name = "DomainError";
    this.code = code;
    this.details = details;
  }
}

/** Nothing can be written to the embedded database, although it may still answer. */
export class DiskFull extends Error {
  override readonly name = "DiskFull";
}

/** Herald cannot start. The message is a sentence for the operator and is printed without a stack. */
export class StartError extends Error {
  override readonly name = "StartError";
}
