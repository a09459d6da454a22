/** Who is told what happens to campaigns. Their authors always are. */
export interface Tell {
  /** Who else hears of the beginning and the end. */
  besides: "nobody" | "admins" | TellGroup;
  /** A campaign began by itself. */
  began: boolean;
  ended: boolean;
  /** Authors hear what other admins do to their campaigns. */
  deeds: boolean;
  /** Messages come without a sound. */
  silent: boolean;
}

export interface TellGroup {
  chatId: number;
  /** A topic of the group. */
  threadId?: number;
  /** The admin who chose it: the group is told in their language and time zone. */
  by: number;
}

/** Null if no group is told. */
export function groupOf({ besides }: Tell): TellGroup | null {
  return typeof besides === "object" ? besides : null;
}
