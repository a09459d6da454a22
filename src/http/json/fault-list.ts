import type { Fault } from "../core/problem.ts";

/** What is wrong with a body, each fault with its place: a caller hears of all of them at once. */
export interface FaultList {
  readonly all: readonly Fault[];
  /** `pointer` is a JSON pointer into the body. */
  add(pointer: string, detail: string): void;
}

export function createFaultList(): FaultList {
  const all: Fault[] = [];
  return { all, add: (pointer, detail) => void all.push({ pointer, detail }) };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without the fields that are undefined, because posts are stored as JSON. */
export function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
}
