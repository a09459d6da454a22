import type { Campaign } from "../../campaign/campaign.ts";
import { givesCodes } from "../../campaign/give-codes.ts";
import { versionFor } from "../../content/content.ts";
import { CODE } from "../../content/personal-parts.ts";
import { Unfillable } from "../../content/personal.ts";
import { render } from "../../content/render.ts";
import type { Log } from "../../log.ts";
import type { ApiCall } from "../../telegram/api-call.ts";
import type { Outcome } from "../../telegram/outcome.ts";
import type { Claimed } from "../shared/claimed.ts";

/** The calls that a delivery still needs, or its outcome if it needs none. Before the first call, sets its version and revision. */
export function callsLeft(
  campaign: Campaign,
  delivery: Claimed,
  log: Log,
): [ApiCall, ...ApiCall[]] | Outcome {
  const { content, contentRevision } = campaign;
  if (delivery.callsDone === 0) {
    delivery.version = versionFor(content, delivery.person?.language).language;
    delivery.contentRevision = contentRevision;
  }
  try {
    const [call, ...rest] = callsOf(campaign, delivery).slice(delivery.callsDone);
    if (!call && delivery.callsDone > 0) return { type: "sent", messageIds: [] }; // the post was edited since, and is shorter now
    if (!call) throw new Error("a post has no call");
    return [call, ...rest];
  } catch (error) {
    if (error instanceof Unfillable)
      return { type: "refused", class: "personal", description: error.message };
    return faulty(campaign, error, log);
  }
}

/**
 * All calls of a post for somebody, in the version of their delivery.
 * @throws Unfillable
 */
export function callsOf(
  campaign: Campaign,
  delivery: Pick<Claimed, "campaignId" | "seq" | "chatId" | "threadId" | "version" | "person">,
): ApiCall[] {
  const { leaveLabel } = campaign;
  const { person } = delivery;
  // Such as one that was added to the post after this person was frozen.
  if (givesCodes(campaign) && person?.attributes?.[CODE] == null)
    throw new Unfillable("There is no code for this person");
  return render(campaign.content, {
    ...delivery,
    ...(person && { person: { ...person, language: delivery.version } }),
    ...(leaveLabel && { leave: leaveLabel(person?.language) }),
  });
}

/** The outcome of a fault of our own. It would affect everyone, so it stops the campaign like a post that Telegram refuses. */
export function faulty({ id }: Campaign, error: unknown, log: Log): Outcome {
  log.error({ err: error, campaign: id }, "a post cannot be sent");
  return { type: "refused", class: "content", description: String(error) };
}
