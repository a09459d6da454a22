import type { Actor } from "../../access/actor.ts";
import type { Finding } from "../../content/check.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { Campaign } from "../campaign.ts";
import { findingsOf, isFaulty } from "../findings.ts";
import { currentFaults } from "../preview-faults.ts";
import { getDraft } from "../queries.ts";
import { discardDraft } from "./discard-draft.ts";

/** What became of a post that was to be put to use in one step. */
export type Used<T> =
  | { type: "used"; value: T }
  | { type: "unsendable"; findings: Finding[]; faults: ReturnType<typeof currentFaults> };

/** How a draft is put to use, and looked at before. */
export interface DirectUse<T> {
  /** Shows the draft to an admin, by the calls that will send it, and keeps what Telegram says of it; null to go without. */
  test: ((draft: Campaign) => Promise<unknown>) | null;
  use: (draft: Campaign) => Promise<T>;
}

/**
 * Puts a draft to use in one step, where the composer takes several: it is tested, and used if nothing is wrong with it. What
 * is not used is discarded, whatever went wrong.
 */
export async function useDirectly<T>(
  home: HomeScope,
  actor: Actor,
  draft: Campaign,
  { test, use }: DirectUse<T>,
): Promise<Used<T>> {
  try {
    await test?.(draft);
    const tested = await getDraft(home, draft.id);
    const findings = await findingsOf(home, tested);
    const faults = currentFaults(tested);
    if (faults.length > 0 || isFaulty(findings)) return { type: "unsendable", findings, faults };
    return { type: "used", value: await use(tested) };
  } finally {
    // Once it has been used, there is no draft of that number.
    await discardDraft(home, actor, draft.id);
  }
}
