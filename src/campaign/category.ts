import { type Shape, integer, object, optional, record, text, yes } from "../stored-json.ts";

/** A kind of campaign that people can leave without leaving the bot: news, offers … Admins make and name them. */
export interface Category {
  /** 1, 2, 3 … within the home. It is never given to another one. */
  id: number;
  name: string;
  /** Its name in other languages, by code. */
  names?: Record<string, string>;
  /** A button under each of its posts leaves it. */
  leaveButton?: true;
  /** The frequency cap does not hold its campaigns back. */
  uncapped?: true;
  /** It can no longer be chosen. Old campaigns still show its name and leave out the people who left it. */
  removed?: true;
}

export const categoryShape: Shape<Category> = object<Category>({
  id: integer,
  name: text,
  names: optional(record(text)),
  leaveButton: optional(yes),
  uncapped: optional(yes),
  removed: optional(yes),
});

/** As many as fit on a card that people still read. */
export const MOST_CATEGORIES = 20;
/** A name stands on a button, beside a word or two. */
export const LONGEST_CATEGORY_NAME = 30;

export function isFitCategoryName(name: string): boolean {
  return (
    name.trim() === name && name.length > 0 && name.length <= LONGEST_CATEGORY_NAME && !/[\n\r]/.test(name)
  );
}

/** Its name for somebody who speaks `language`. */
export function categoryName({ name, names = {} }: Category, language: string | null): string {
  return (language === null ? undefined : names[language]) ?? name;
}

/** Those that can be chosen. */
export function currentCategories(categories: readonly Category[] = []): Category[] {
  return categories.filter(({ removed }) => !removed);
}
