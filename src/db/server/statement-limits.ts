/**
 * After this many ms the server ends a hanging statement, and a transaction whose process sends nothing: the locks of a
 * process that was cut off must not block the others.
 */
export const LIMITS = { statement_timeout: 60_000, idle_in_transaction_session_timeout: 5_000 };

function setting(limits: typeof LIMITS): string {
  const settings = Object.entries(limits).map(([name, ms]) => `set_config('${name}', '${ms}', true)`);
  return `select ${settings.join(", ")}`;
}

/** SQL: sets them for a transaction. */
export const SET_LIMITS = setting(LIMITS);

/** SQL: lifts them for a transaction that may take longer than the bot's own statements. */
export const LIFT_LIMITS = setting({ statement_timeout: 0, idle_in_transaction_session_timeout: 0 });
