import { isDeepStrictEqual } from "node:util";
import { type Button, type Content, type Version, versionsOf } from "./content.ts";

/*
 * People keep messages for years, and a tap returns the data that its button was sent with. So each button has an id of
 * its own, callback data carries that id, and neither moving the button nor editing the post gives it to another one.
 *
 * Ids are unique within a campaign and never given twice. An edit keeps an id where a button of the same version still
 * says and does the same: the same emoji to vote with, the same text with the same answer, the same link. Where it stands
 * and how it is coloured do not matter. Any other button is a new one. What a post loses while messages with it are out
 * there is kept in `retired`, so that those go on counting and answering what they show.
 */

/**
 * The post with an id for each of its buttons. `before` is the same post until now: its ids are kept where a button is
 * still there.
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

/** The post that replaces `before` in a campaign that some people have received: the buttons it lost are retired. */
export function succeeding(content: Content, before: Content): Content {
  const post = afresh(content);
  const ids = new Set(buttonsIn(post).map(({ id }) => id));
  const retired = buttonsIn(before).filter(({ id }) => !ids.has(id));
  return retired.length > 0 ? { ...post, retired } : post;
}

/** The post for another campaign, of which nobody has a message yet. */
export function afresh(content: Content): Content {
  const { retired: _, ...post } = content;
  return post;
}

/** All buttons that somebody may have under a message: those of all versions, and those that an edit took away. */
export function buttonsIn(content: Content): Button[] {
  const own = versionsOf(content).flatMap(({ version }) => version.buttons?.flat() ?? []);
  return [...own, ...(content.retired ?? [])];
}

/** Those of the version itself; one that has those of the default version has none of its own. */
function ownButtons(content: Content, language: string | null): Button[] {
  const version = language === null ? content : content.versions?.[language];
  return version?.buttons?.flat() ?? [];
}

/** Buttons as they were typed, or came with a message: before a draft has given them ids. */
export function withoutIds(rows: readonly Button[][]): Button[][] {
  return rows.map((row) =>
    row.map((button) => {
      const { id: _, ...typed } = button;
      return typed;
    }),
  );
}

/** Whether two buttons say and do the same, however they are coloured. */
function isSameButton(one: Button, other: Button): boolean {
  return isDeepStrictEqual(withoutFace(one), withoutFace(other));
}

function withoutFace(button: Button) {
  const { id: _, style: __, icon: ___, ...others } = button;
  return others;
}
