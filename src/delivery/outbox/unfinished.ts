import type { Campaign } from "../../campaign/campaign.ts";
import type { ApiCall } from "../../telegram/api-call.ts";
import type { Settlement } from "../shared/settlement.ts";
import { heldBack } from "./entry.ts";

/** A post on its way whose first call has left or is about to. */
export interface Post {
  campaign: Campaign;
}

/**
 * Posts whose next call follows once the one before is answered. One that is taken back in between goes no further, and
 * continues behind what is done another time.
 */
export interface UnfinishedPosts {
  /** A call of it leaves, and `rest` is to follow. */
  begin(campaign: Campaign, rest: readonly ApiCall[]): Post;
  /** Null when the next call of the post is to follow; else what the delivery came to. */
  next(post: Post, settlement: Settlement, rest: readonly ApiCall[]): Settlement | null;
  /** It is not on its way any more. */
  end(post: Post): void;
  takeBack(which: (campaign: Campaign) => boolean): void;
}

export function createUnfinishedPosts(): UnfinishedPosts {
  const posts = new Set<Post>();

  return {
    begin(campaign, rest) {
      const post = { campaign };
      if (rest.length > 0) posts.add(post);
      return post;
    },
    next(post, settlement, rest) {
      const { delivery, outcome } = settlement;
      const wanted = posts.delete(post);
      if (rest.length === 0 || outcome.type !== "sent") return settlement;
      delivery.callsDone += 1;
      delivery.messageIds.push(...outcome.messageIds);
      return wanted ? null : heldBack(delivery);
    },
    end: (post) => void posts.delete(post),
    takeBack(which) {
      for (const post of posts) if (which(post.campaign)) posts.delete(post);
    },
  };
}
