import type { ApiKey } from "../../../access/keys.ts";
import { limitWords } from "../../ui/limit-buttons.ts";
import type { SendingBot } from "../../ui/sending-bots.ts";
import { type Reader, fullTime } from "../../ui/times.ts";

/** "expires Mon 23 Nov 2026, 10:00", "does not expire". */
export function expiryWords({ expiresAt }: Pick<ApiKey, "expiresAt">, reader: Reader): string {
  const { t, now } = reader;
  if (expiresAt === null) return t("keys-endless");
  return t(expiresAt <= now ? "keys-expired" : "keys-expires", { time: fullTime(expiresAt, reader) });
}

/**
 * A key in three lines, or four if it is limited to some of the bots: what it is, which bots it may use, until when it is
 * valid, and when and from where it was used.
 */
export function keyLines(
  { name, role, prefix, lastUsedAt, lastUsedFrom, ...key }: ApiKey,
  bots: readonly SendingBot[],
  reader: Reader,
): string {
  const { t } = reader;
  return [
    t("keys-entry", { name, role: t(`keys-role-${role}`), prefix }),
    ...(key.bots === null ? [] : [limitWords(t, key.bots, bots)]),
    expiryWords(key, reader),
    lastUsedAt === null
      ? t("keys-unused")
      : t("keys-used", { time: fullTime(lastUsedAt, reader), address: lastUsedFrom ?? "?" }),
  ].join("\n");
}
