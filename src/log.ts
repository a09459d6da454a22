import { type DestinationStream, type LogFn, type Logger, pino } from "pino";

export type Log = Logger;

/** The token inside a Bot API address, as `fetch` errors print it: .../bot123:ABC/sendMessage. */
const TOKEN = /\d{3,}:[\w-]{5,}/g;

/** Replaces anything that looks like a bot token, so that no error can carry one into a log. */
export function withoutToken(text: string): string {
  return text.replace(TOKEN, "<token>");
}

/**
 * One JSON line per event, unless `destination` formats it differently.
 * Lines carry ids and counts, never a token, a phone number or a post's text.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: {
      // Without a message of ours pino would log the error's, uncut and with the token.
      logMethod(this: Logger, args: Parameters<LogFn>, method: LogFn) {
        if (args.length === 1 && typeof args[0] === "object") method.apply(this, [args[0], ""]);
        else method.apply(this, args);
      },
    },
    serializers: {
      err(error: unknown) {
        // Only the class, the code and the message: a GrammyError also holds the payload, which is the post.
        if (!(error instanceof Error)) return withoutToken(String(error));
        const cause = rootCause(error);
        const code = (cause as { code?: unknown }).code;
        return {
          type: error.name,
          message: withoutToken(firstLine(cause.message)),
          ...(typeof code === "string" ? { code } : {}),
          ...(level === "debug" || level === "trace" ? { stack: frames(cause) } : {}),
        };
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * The cause at the bottom of an error. A drizzle error prints the statement with its parameters; its cause is what the
 * database said. grammY keeps the network's error as `error`.
 */
export function rootCause(error: Error): Error {
  const cause = error.cause ?? (error as { error?: unknown }).error;
  return cause instanceof Error ? rootCause(cause) : error;
}

/** A stack without its message, which may span several lines. */
function frames(error: Error): string {
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return withoutToken(lines.join("\n"));
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
