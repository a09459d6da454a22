import { createLRU } from "lru.min";
import { isSource } from "../../../audience/source.ts";
import { findNewcomer } from "../../../audience/recipients.ts";
import { EVERYONE } from "../../../audience/segment/audience.ts";
import { createAttributesFor } from "../../../campaign/known-attributes.ts";
import { sendWelcome } from "../../../campaign/welcome/send-welcome.ts";
import { noteRefusal, welcomeOf } from "../../../campaign/welcome/welcome-store.ts";
import { visibleName } from "../../../person-name.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";

/** A person who starts the bot again within this time has the welcome in front of them. */
const AGAIN_MS = 30_000;

/** How many people are remembered for that. */
const MOST_REMEMBERED = 10_000;

/**
 * Answers a person's /start. `isBack`: they had opted out, and get messages again by it. Where the admins have set a
 * welcome, it is that post; at the first start, Herald's words about how to leave follow it, and people who are back read that they
 * are. Without one, Herald's own words are all.
 */
export type Greet = (ctx: HeraldContext, isBack: boolean) => Promise<void>;

export function createGreet({ own, clock, log, tellOwners }: CrowdDeps): Greet {
  /** When each person got the welcome last, monotonic. */
  const welcomed = createLRU<number, number>({ max: MOST_REMEMBERED });
  const attributesFor = createAttributesFor(own, clock);

  /** Resolves false if the person has to be told in Herald's own words. */
  async function welcome(ctx: HeraldContext, userId: number): Promise<boolean> {
    const person = await findNewcomer(own, userId);
    const payload = typeof ctx.match === "string" ? ctx.match.trim() : "";
    const found = await welcomeOf(own, isSource(payload) ? payload : (person?.source ?? ""));
    if (!found || !person) return false;
    const last = welcomed.get(userId) ?? -Infinity;
    if (clock.monotonic() - last < AGAIN_MS) return true;
    const attributes = await attributesFor({ content: found.content, audience: EVERYONE }, userId);
    const result = await sendWelcome(own, ctx.api, found, userId, { ...person, attributes });
    if (result.type === "sent") welcomed.set(userId, clock.monotonic());
    if (result.type === "faulty" && (await noteRefusal(own, found, result.description))) {
      log.warn({ bot: own.botId, welcome: found.id, what: result.description }, "Telegram refuses a welcome");
      const facts = { source: found.source || "none", what: result.description };
      // The person does not wait for that.
      void tellOwners({ kind: "welcome", since: clock.now(), facts }, null);
    }
    return result.type === "sent";
  }

  return async (ctx, isBack) => {
    const { t, from, hasJoined } = ctx;
    if (!from) return;
    const name = visibleName(from.first_name) ?? "none";
    await ctx.answer(async () => {
      if (!(await welcome(ctx, from.id)))
        await ctx.reply(t(isBack ? "start-again" : "start-person", { name }));
      else if (isBack) await ctx.reply(t("start-again", { name }));
      else if (hasJoined) await ctx.reply(t("start-leave"), { disable_notification: true });
    });
  };
}
