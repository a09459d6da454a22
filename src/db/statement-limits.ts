/**
 * The server ends a statement that hangs, and a transaction of whose process it has heard nothing for 5 s: what one that
 * is cut off has locked must not hold up the others. In ms.
 */
export const LIMITS = { statement_timeout: 60_000, idle_in_transaction_session_timeout: 5_000 };

function setting(limits: typeof LIMITS): string {
  const settings = Object.entries(limits).map(([name, ms]) => `set_config('${name}', '${ms}', true)`);
  return `select ${settings.join(", ")}`;
}

/** SQL: sets them for a transaction. */
export const SET_LIMITS = setting(LIMITS);

/** SQL: lifts them for a transaction that may take longer than a statement of the bot ever should. */
export const LIFT_LIMITS = setting({ statement_timeout: 0, idle_in_transaction_session_timeout: 0 });
