import { type Actor, authorize } from "../../access/actor.ts";
import { EVERYONE } from "../../audience/segment/audience.ts";
import type { Content } from "../../content/content.ts";
import { type HomeScope, type Scope, inTransaction } from "../../db/scope.ts";
import { authorizeOn } from "../authorize-on.ts";
import type { Campaign } from "../campaign.ts";
import { type LiveStep, findStep, isStep } from "../live-steps.ts";
import { conflict } from "../transition.ts";
import type { Step } from "../step-plan.ts";
import { type NewCodes, addCodesTo } from "./change-codes.ts";
import { beginStepChange, putStep, retimeStep } from "./change-newcomers.ts";
import { createDraft } from "./create-draft.ts";
import { type DirectUse, type Used, useDirectly } from "./use-directly.ts";

/* Steps of the series for newcomers in one request, where the composer takes several. */

type Plan = Pick<Step, "after" | "source" | "tag">;

interface Circumstances {
  test: DirectUse<LiveStep>["test"];
  now: Date;
}

/**
 * Adds a step. `originKey` and `originDigest` as in NewDraft: the step that they have added already is the result.
 * @throws DomainError `forbidden`, `bot-unknown`, `origin-reused`, `code-pattern-unfit`; whatever `test` throws
 */
export async function addStepDirectly(
  home: HomeScope,
  actor: Actor,
  {
    botId,
    plan,
    content,
    codes,
    ...origin
  }: Pick<Campaign, "botId" | "content" | "originKey" | "originDigest"> & { plan: Plan; codes?: NewCodes },
  { test, now }: Circumstances,
): Promise<Used<LiveStep>> {
  await authorize(home, actor, { action: "change-newcomers", botId });
  const draft = await createDraft(
    home,
    actor,
    { content, audience: EVERYONE, step: { ...plan, since: "" }, ...origin },
    botId,
  );
  if (draft.state !== "draft") {
    if (isStep(draft)) return { type: "used", value: draft };
    throw await conflict(home, draft.id);
  }
  return useDirectly(home, actor, draft, {
    test: withCodes(home, actor, codes, test),
    use: (tested) => putStep(home, actor, tested, now),
  });
}

/**
 * Changes a step; what is absent stays. Codes are added to those that it has.
 * @throws DomainError `forbidden`, `bot-unknown`; `conflict` when it is being sent and gets another post, or is no longer a step;
 *   `codes-lacking`, `no-code-pool`, `code-pattern-unfit`; whatever `test` throws
 */
export async function changeStepDirectly(
  home: HomeScope,
  actor: Actor,
  step: LiveStep,
  {
    plan,
    content,
    codes,
    originKey,
  }: Partial<{ plan: Plan; content: Content; codes: NewCodes }> & Pick<Campaign, "originKey">,
  { test, now }: Circumstances,
): Promise<Used<LiveStep>> {
  const { id } = step;
  const scope = await authorizeOn(home, { actor, action: "change-newcomers", id });
  if (content) {
    const draft = await beginStepChange(home, actor, { ...step, content }, originKey);
    return useDirectly(home, actor, draft, {
      test: withCodes(home, actor, codes, test),
      use: (tested) =>
        inTransaction(scope, async (tx) => {
          await putStep(tx, actor, tested, now);
          if (plan) await retimeStep(tx, actor, id, plan);
          return stepNow(tx, id);
        }),
    });
  }
  return inTransaction(scope, async (tx) => {
    if (codes) await addCodesTo(tx, actor, id, codes);
    if (plan) await retimeStep(tx, actor, id, plan);
    return { type: "used", value: await stepNow(tx, id) };
  });
}

/** The draft has its codes before it is tested. */
function withCodes(
  home: HomeScope,
  actor: Actor,
  codes: NewCodes | undefined,
  test: Circumstances["test"],
): Circumstances["test"] {
  if (!codes) return test;
  return async (draft) => {
    await addCodesTo(home, actor, draft.id, codes);
    await test?.(draft);
  };
}

/** @throws DomainError `conflict` */
async function stepNow(scope: Scope, id: number): Promise<LiveStep> {
  const step = await findStep(scope, id);
  if (!step) throw await conflict(scope, id);
  return step;
}
