import type { Trouble } from "../../db/troubles.ts";
import type { TroubleKind } from "../../db/states.ts";
import { fileSize, moment, roundRate } from "../ui/words.ts";
import type { Reader } from "../ui/times.ts";

/** The database went back to an older state; see delivery/recovery/recovery.ts. */
export interface Loss {
  since: Date;
  gone: number;
}

export function lossText({ since, gone }: Loss, reader: Reader): string {
  return reader.t("database-went-back", { from: when(since, reader), gone });
}

/** Tells an owner that a trouble began or, with `until`, that it is over. */
export function troubleText({ kind, since, facts }: Trouble, until: Date | null, reader: Reader): string {
  const { t } = reader;
  const values = {
    bot: facts["sender"] ?? "",
    from: when(since, reader),
    to: when(until ?? since, reader),
    host: facts["host"] ?? "",
    waiting: facts["waiting"] ?? 0,
    disk: facts["disk"] ?? "",
    proxy: facts["proxy"] ?? "",
    why: facts["why"] ?? "other",
    what: facts["what"] ?? "",
    source: facts["source"] ?? "none",
    group: facts["group"] ?? "",
    needed: fileSize(Number(facts["needed"] ?? 0), reader.locale),
    free: fileSize(Number(facts["free"] ?? 0), reader.locale),
    rate: roundRate(Number(facts["rate"] ?? 0)),
  };
  const key = facts["sender"] === undefined ? `trouble-${kind}` : `trouble-sender-${kind}`;
  return t(until ? `${key}-over` : key, values);
}

/** The troubles that `/status` lists: those during which it can be used. Too few Stars are mentioned next to the rate. */
const SHOWN: ReadonlySet<TroubleKind> = new Set(["conflict", "webhook", "webhook-failing", "backlog"]);

export function troubleLines(troubles: readonly Trouble[], reader: Reader): string[] {
  return troubles
    .filter(({ kind }) => SHOWN.has(kind))
    .map(({ kind, since, facts }) =>
      reader.t(`status-${kind}`, {
        time: when(since, reader),
        host: facts["host"] ?? "",
        what: facts["what"] ?? "",
      }),
    );
}

function when(instant: Date, { now, timezone, locale }: Reader): string {
  return moment(instant, now, timezone, locale);
}
