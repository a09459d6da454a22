import type { Campaign } from "../../campaign/campaign.ts";
import type { ApiCall } from "../../telegram/api-call.ts";
import type { Settlement } from "../shared/settlement.ts";
import { withheld } from "./entry.ts";

/** A post whose first call has left or is about to. */
export interface Post {
  campaign: Campaign;
}

/**
 * Posts whose next call follows once the one before it is answered. A post that is taken back in between goes no further;
 * another time, it continues with the calls that are left.
 */
export interface UnfinishedPosts {
  /** A call of a post leaves, and `rest` has to follow. */
  begin(campaign: Campaign, rest: readonly ApiCall[]): Post;
  /** Null when the next call of the post has to follow; else the settlement of the delivery. */
  next(post: Post, settlement: Settlement, rest: readonly ApiCall[]): Settlement | null;
  /** It is no longer on its way. */
  end(post: Post): void;
  /** The next calls of these posts do not leave. */
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
      return wanted ? null : withheld(delivery);
    },
    end: (post) => void posts.delete(post),
    takeBack(which) {
      for (const post of posts) if (which(post.campaign)) posts.delete(post);
    },
  };
}
