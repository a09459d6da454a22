import type { Actor } from "../../access/actor.ts";
import type { HomeScope } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import {
  type Category,
  LONGEST_CATEGORY_NAME,
  MOST_CATEGORIES,
  currentCategories,
  isFitCategoryName,
} from "../category.ts";
import { changeSettings } from "../settings.ts";

/** What a category is called: its name, and those for people of other languages, by code. */
export interface CategoryNames {
  name: string;
  names: Record<string, string>;
}

/**
 * Makes a category.
 * @throws DomainError `forbidden`, `category-name-unfit`, `category-name-taken`, `too-many-categories`
 */
export async function addCategory(home: HomeScope, actor: Actor, named: CategoryNames): Promise<void> {
  await changeSettings(home, actor, ({ categories = [] }) => {
    checkNames(named, currentCategories(categories));
    if (currentCategories(categories).length >= MOST_CATEGORIES)
      throw new DomainError("too-many-categories", { count: MOST_CATEGORIES });
    const id = Math.max(0, ...categories.map((one) => one.id)) + 1;
    return { categories: [...categories, { id, ...stored(named) }] };
  });
}

/** @throws DomainError as addCategory() does; `category-unknown` */
export async function renameCategory(
  home: HomeScope,
  actor: Actor,
  id: number,
  named: CategoryNames,
): Promise<void> {
  await change(home, actor, id, (before, others) => {
    checkNames(named, others);
    const { names: _, ...rest } = before;
    return { ...rest, ...stored(named) };
  });
}

/**
 * Switches the button under its posts, or its exception from the frequency cap.
 * @throws DomainError `forbidden`, `category-unknown`
 */
export async function switchCategory(
  home: HomeScope,
  actor: Actor,
  id: number,
  which: "leaveButton" | "uncapped",
  on: boolean,
): Promise<void> {
  await change(home, actor, id, (before) => {
    const { [which]: _, ...rest } = before;
    return on ? { ...rest, [which]: true } : rest;
  });
}

/** Takes it out of every choice. Campaigns that have it keep it. @throws DomainError `forbidden`, `category-unknown` */
export async function removeCategory(home: HomeScope, actor: Actor, id: number): Promise<void> {
  await change(home, actor, id, (before) => ({ ...before, removed: true }));
}

async function change(
  home: HomeScope,
  actor: Actor,
  id: number,
  changed: (before: Category, others: readonly Category[]) => Category,
): Promise<void> {
  await changeSettings(home, actor, ({ categories = [] }) => {
    const current = currentCategories(categories);
    const before = current.find((one) => one.id === id);
    if (!before) throw new DomainError("category-unknown");
    const after = changed(
      before,
      current.filter((one) => one !== before),
    );
    return { categories: categories.map((one) => (one === before ? after : one)) };
  });
}

function checkNames({ name, names }: CategoryNames, others: readonly Category[]): void {
  if (![name, ...Object.values(names)].every(isFitCategoryName))
    throw new DomainError("category-name-unfit", { most: LONGEST_CATEGORY_NAME });
  const isTaken = others.some((one) => one.name.toLowerCase() === name.toLowerCase());
  if (isTaken) throw new DomainError("category-name-taken", { name });
}

function stored({ name, names }: CategoryNames): CategoryNames | { name: string } {
  return Object.keys(names).length > 0 ? { name, names } : { name };
}
