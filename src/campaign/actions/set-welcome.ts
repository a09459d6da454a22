import { type Actor, authorize } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import type { Content } from "../../content/content.ts";
import { type HomeScope, inTransaction, scopeOf } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import { DomainError } from "../../errors.ts";
import { EVERYONE } from "../../audience/segment/audience.ts";
import { authorizeOn } from "../authorize-on.ts";
import type { Campaign } from "../campaign.ts";
import { isSendable } from "../findings.ts";
import { holdBot, isBeside } from "../home-bots.ts";
import { confirmedContent } from "../known-attributes.ts";
import { getDraft } from "../queries.ts";
import { is } from "../transition.ts";
import { type Welcome, dropWelcome, findWelcome, putWelcome } from "../welcome/welcome-store.ts";
import { createDraft } from "./create-draft.ts";
import { type DirectUse, type Used, useDirectly } from "./use-directly.ts";

/**
 * Makes a draft the post that answers /start, as it was shown at `revision`. The draft is used up by that.
 * @throws DomainError `forbidden`, `not-found`; `conflict` when it is not a draft of a welcome, or no longer; `changed` when it is
 *   not at that revision; `unsendable`; `bot-unknown` when its bot is removed, `bot-beside` when another program answers it
 */
export async function setWelcome(
  home: HomeScope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
): Promise<{ botId: number; source: string }> {
  return inTransaction(home, async (tx) => {
    const scope = await authorizeOn(tx, { actor, action: "set-welcome", id });
    await holdBot(scope);
    const draft = await getDraft(tx, id);
    const { botId, welcomeFor: source } = draft;
    if (source === null) throw new DomainError("conflict", { id, state: draft.state });
    await requireAnswered(tx, botId);
    if (draft.revision !== revision) throw new DomainError("changed", { id });
    if (!(await isSendable(tx, draft))) throw new DomainError("unsendable", { id });
    await putWelcome(scope, source, asAnswer(await confirmedContent(tx, draft)));
    await tx.db.delete(campaigns).where(is(scope, id, ["draft"]));
    await record(tx, actor, "welcome.set", botId);
    return { botId, source };
  });
}

/** Of other bots, nobody would ever get it. */
async function requireAnswered(home: HomeScope, botId: number): Promise<void> {
  if (await isBeside(home, botId)) throw new DomainError("bot-beside");
}

/**
 * Sets a welcome in one step. `originKey` as in NewDraft.
 * @throws DomainError `forbidden`, `bot-unknown`, `bot-beside`; whatever `test` throws
 */
export async function setWelcomeDirectly(
  home: HomeScope,
  actor: Actor,
  {
    botId,
    source,
    content,
    originKey,
  }: Pick<Welcome, "botId" | "source" | "content"> & { originKey: string },
  test: DirectUse<Welcome>["test"],
): Promise<Used<Welcome>> {
  await authorize(home, actor, { action: "set-welcome", botId });
  await requireAnswered(home, botId);
  const draft = await createDraft(
    home,
    actor,
    { content, audience: EVERYONE, welcomeFor: source, originKey },
    botId,
  );
  return useDirectly(home, actor, draft, {
    test,
    use: (tested) =>
      inTransaction(home, async (tx) => {
        await setWelcome(tx, actor, tested);
        const welcome = await findWelcome(scopeOf(tx, { botId }), source);
        if (!welcome) throw new Error("a welcome that was set is there");
        return welcome;
      }),
  });
}

/** Nobody pins or deletes an answer later on. */
function asAnswer(content: Content): Content {
  const { pin: _, deleteAfterHours: __, ...options } = content.options ?? {};
  return { ...content, options };
}

/**
 * From now on, people of that source get the welcome for everyone and, if it was that one, Herald's own words. False if
 * there was none.
 * @throws DomainError `forbidden`, `bot-unknown`
 */
export async function removeWelcome(
  home: HomeScope,
  actor: Actor,
  { botId, source }: { botId: number; source: string },
): Promise<boolean> {
  return inTransaction(home, async (tx) => {
    await authorize(tx, actor, { action: "set-welcome", botId });
    const gone = await dropWelcome(scopeOf(tx, { botId }), source);
    if (gone) await record(tx, actor, "welcome.removed", botId);
    return gone;
  });
}
