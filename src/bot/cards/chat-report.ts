import type { SentPost } from "../../campaign/report/sent-posts.ts";
import type { Translate } from "../ui/words.ts";

/** How many posts a report links to. A card holds 4,096 characters. */
export const POSTS_SHOWN = 10;

/**
 * Where a campaign was posted, such as "· News: https://t.me/news/12", or only the title of a chat that has no links. Of
 * the `sent` posts, those without a line of their own are counted.
 */
export function postLines(
  t: Translate,
  posts: readonly Pick<SentPost, "title" | "link">[],
  sent = posts.length,
): string[] {
  const shown = posts.slice(0, POSTS_SHOWN);
  const lines = shown.map(({ title: chat, link }) =>
    link === null ? t("posts-line-bare", { chat }) : t("posts-line", { chat, link }),
  );
  return sent > shown.length ? [...lines, t("posts-more", { count: sent - shown.length })] : lines;
}
