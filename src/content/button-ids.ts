import { isDeepStrictEqual } from "node:util";
import { type Button, type Content, type Version, versionsOf } from "./content.ts";

/*
 * Messages live for years, and a tap returns the data that its button was sent with. So each button has its own id, and
 * callback data carries that id; moving the button or editing the post never gives the id to another button.
 *
 * Ids are unique within a campaign and never reused. An edit keeps the id of a button if the same version still has one
 * that says and does the same: the same vote emoji, the same text with the same answer, the same link. Position and
 * colour do not matter. Any other button is new. Buttons that a sent post loses are kept in `retired`, so that
 * delivered messages continue to count votes and show answers.
 */

/**
 * Gives each button an id. `before` is the previous state of the post: buttons that it already had keep their ids.
 */
export function withButtonIds(content: Content, before?: Content): Content {
  let made = Math.max(content.buttonIds ?? 0, before?.buttonIds ?? 0);
  const retired = content.retired ?? before?.retired;
  const numbered = <V extends Version>(version: V, language: string | null): V => {
    const { buttons } = version;
    if (!buttons) return version;
    const kept = new Set(buttons.flat().map(({ id }) => id));
    const free = (before ? ownButtons(before, language) : []).filter(({ id }) => !kept.has(id));
    const idFor = (button: Button) => {
      const same = free.findIndex((old) => isSameButton(old, button));
      return (same < 0 ? undefined : free.splice(same, 1)[0]?.id) ?? String(made++);
    };
    return {
      ...version,
      buttons: buttons.map((row) => row.map((button) => ({ ...button, id: button.id ?? idFor(button) }))),
    };
  };
  const post = numbered(content, null);
  const versions = Object.entries(content.versions ?? {}).map(([language, version]) => [
    language,
    numbered(version, language),
  ]);
  return {
    ...post,
    ...(content.versions && { versions: Object.fromEntries(versions) as Record<string, Version> }),
    ...(made > 0 && { buttonIds: made }),
    ...(retired && { retired }),
  };
}

/** The post that replaces `before` in a campaign that people have received: removed buttons are retired. */
export function withRetiredButtons(content: Content, before: Content): Content {
  const post = forNewCampaign(content);
  const ids = new Set(buttonsIn(post).map(({ id }) => id));
  const retired = buttonsIn(before).filter(({ id }) => !ids.has(id));
  return retired.length > 0 ? { ...post, retired } : post;
}

/** The post for a new campaign, which nobody has received yet. */
export function forNewCampaign(content: Content): Content {
  const { retired: _, ...post } = asDraft(content);
  return post;
}

/** The post as a draft, in which words in braces are attributes as long as somebody has them. */
export function asDraft(content: Content): Content {
  const { attributes: _, ...post } = content;
  return post;
}

/** All buttons that delivered messages may have: those of all versions, and those that an edit removed. */
export function buttonsIn(content: Content): Button[] {
  const current = versionsOf(content).flatMap(({ version }) => version.buttons?.flat() ?? []);
  return [...current, ...(content.retired ?? [])];
}

/** The version's own buttons; none if it uses those of the default version. */
function ownButtons(content: Content, language: string | null): Button[] {
  const version = language === null ? content : content.versions?.[language];
  return version?.buttons?.flat() ?? [];
}

/** The buttons without ids, as typed or received. */
export function withoutIds(rows: readonly Button[][]): Button[][] {
  return rows.map((row) =>
    row.map((button) => {
      const { id: _, ...typed } = button;
      return typed;
    }),
  );
}

/** True if two buttons say and do the same, in any colour. */
function isSameButton(one: Button, other: Button): boolean {
  return isDeepStrictEqual(withoutFace(one), withoutFace(other));
}

function withoutFace(button: Button) {
  const { id: _, style: __, icon: ___, ...others } = button;
  return others;
}
