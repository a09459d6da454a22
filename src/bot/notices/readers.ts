import { languageOf } from "../../audience/recipients.ts";
import { timezoneOf } from "../../access/preferences.ts";
import { ownScope } from "../../db/scope.ts";
import type { BotDeps } from "../ui/bot-context.ts";
import { type Locale, localeFor } from "../ui/words.ts";
import type { Reader } from "../ui/times.ts";

export type ReadersDeps = Pick<BotDeps, "scope" | "clock" | "translator" | "timezone">;

/** A database that is cut off does not answer at all, not even with an error. */
const DATABASE_PATIENCE_MS = 2_000;

/** Looks up the language and zone of the person for whom something is drawn outside of an update. */
export function createReaders(deps: ReadersDeps) {
  const { scope, clock, translator } = deps;

  const known = new Map<number, { locale: Locale; timezone: string }>(); // as last read from the database

  async function readerIn(chatId: number): Promise<Reader> {
    const locale = localeFor(await languageOf(ownScope(scope), chatId));
    const timezone = (await timezoneOf(scope, chatId)) ?? deps.timezone;
    known.set(chatId, { locale, timezone });
    return { t: translator(locale), locale, timezone, now: clock.now() };
  }

  /** The same, but from memory while the database does not answer. */
  async function readerNow(chatId: number): Promise<Reader> {
    const asked = readerIn(chatId).catch(() => null);
    const found = await Promise.race([asked, clock.sleep(DATABASE_PATIENCE_MS).then(() => null)]);
    if (found) return found;
    const { locale, timezone } = known.get(chatId) ?? { locale: "en", timezone: deps.timezone };
    return { t: translator(locale), locale, timezone, now: clock.now() };
  }

  return { readerIn, readerNow };
}
