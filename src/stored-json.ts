/*
 * JSON columns: each kind of value has one format, which writes a version with it and checks what it reads.
 * A shape describes a value. It stands next to its type and is checked against it: a field that is missing in either
 * does not compile.
 *
 * Why not zod (4.6.7, measured on Node 20): importing it takes 13 MB and 150 ms at each start, and checking a post with
 * 12 versions of 100 entities each takes 560 µs, more than parsing its JSON. Shapes do not copy the value: 180 µs.
 * Running campaigns are read every second.
 */

/** What is wrong with a value: the path to the fault, and what should be there. */
interface Fault {
  path: string;
  wanted: string;
}

interface Check {
  faultIn(value: unknown): Fault | null;
}

/** A check that a value is a `T`. Invariant, so that neither the shape nor the type can be wider than the other. */
export interface Shape<in out T> extends Check {
  readonly of?: (value: T) => T;
}

/** A field that may be absent. */
interface Optional<in out T> {
  readonly optional: Shape<T>;
}

/** The shapes of an object's fields, one for each field of the type. */
export type Fields<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Shape<T[K]>;
};
type AnyField = Check | { readonly optional: Check };

/** The members of a union whose tag is `K`, without the tag. */
export type Tagged<T, Tag extends string, K> =
  T extends Record<Tag, infer G> ? (K extends G ? Omit<T, Tag> : never) : never;

export const text: Shape<string> = plain("a text", (value) => typeof value === "string");
export const number: Shape<number> = plain("a number", (value) => typeof value === "number");
export const integer: Shape<number> = plain("a whole number", Number.isSafeInteger);
export const flag: Shape<boolean> = plain("true or false", (value) => typeof value === "boolean");
export const yes: Shape<true> = plain("true", (value) => value === true);

function plain<T>(wanted: string, fits: (value: unknown) => boolean): Shape<T> {
  const fault = { path: "", wanted };
  return { faultIn: (value) => (fits(value) ? null : fault) };
}

export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return { faultIn: (value) => (value === null ? null : shape.faultIn(value)) };
}

/** One of the given strings or numbers. */
export function oneOf<const T extends string | number>(values: readonly T[]): Shape<T> {
  const known = new Set<unknown>(values);
  return plain(`one of ${values.join(", ")}`, (value) => known.has(value));
}

export function list<T>(shape: Shape<T>): Shape<T[]> {
  return {
    faultIn(value) {
      if (!Array.isArray(value)) return { path: "", wanted: "a list" };
      for (const [index, one] of value.entries()) {
        const fault = shape.faultIn(one);
        if (fault) return within(String(index), fault);
      }
      return null;
    },
  };
}

/** An object with arbitrary keys. */
export function record<T>(shape: Shape<T>): Shape<Record<string, T>> {
  return {
    faultIn(value) {
      if (!isObject(value)) return AN_OBJECT;
      for (const [name, one] of Object.entries(value)) {
        const fault = shape.faultIn(one);
        if (fault) return within(name, fault);
      }
      return null;
    },
  };
}

/**
 * An object with these fields. Unknown fields pass: what Telegram adds to its types is kept and sent back unchanged.
 */
export function object<T>(fields: Fields<T>): Shape<T> {
  return partly<T>(fields);
}

/** A value of Telegram's, which is kept and sent back unchanged: only the fields that Herald reads are checked. */
export function partly<T>(fields: { readonly [K in keyof T]?: AnyField }): Shape<T> {
  const checks = Object.entries<AnyField | undefined>(fields).flatMap(([name, field]) => {
    if (!field) return [];
    return "optional" in field
      ? [{ name, check: field.optional, isOptional: true }]
      : [{ name, check: field, isOptional: false }];
  });
  return {
    faultIn(value) {
      if (!isObject(value)) return AN_OBJECT;
      for (const { name, check, isOptional } of checks) {
        const one = value[name];
        const fault = isOptional && one === undefined ? null : check.faultIn(one);
        if (fault) return within(name, fault);
      }
      return null;
    },
  };
}

/** An object whose field `tag` says which fields it has. */
export function byTag<T extends Record<Tag, string>, Tag extends string>(
  tag: Tag,
  kinds: { readonly [K in T[Tag]]: Fields<Tagged<T, Tag, K>> },
): Shape<T> {
  const known = new Map(
    Object.entries<object>(kinds).map(([kind, fields]) => [kind, partly<object>(fields)] as const),
  );
  const fault = { path: tag, wanted: `one of ${[...known.keys()].join(", ")}` };
  return {
    faultIn(value) {
      if (!isObject(value)) return AN_OBJECT;
      const kind = value[tag];
      const shape = typeof kind === "string" ? known.get(kind) : undefined;
      return shape ? shape.faultIn(value) : fault;
    },
  };
}

type Name<T> = T extends unknown ? keyof T : never;
type ValueOf<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;

/** An object with exactly one of these fields, which tells its kind. */
export function byField<T>(fields: { readonly [K in Name<T>]: Shape<ValueOf<T, K>> }): Shape<T> {
  const known = Object.entries<Check>(fields);
  const fault = { path: "", wanted: `an object with one of ${known.map(([name]) => name).join(", ")}` };
  return {
    faultIn(value) {
      if (!isObject(value)) return AN_OBJECT;
      const found = known.find(([name]) => value[name] !== undefined);
      if (!found) return fault;
      const [name, shape] = found;
      const wrong = shape.faultIn(value[name]);
      return wrong && within(name, wrong);
    },
  };
}

/** A value of either shape. */
export function either<A, B>(one: Shape<A>, other: Shape<B>): Shape<A | B> {
  return {
    faultIn(value) {
      const fault = one.faultIn(value);
      return fault && other.faultIn(value) && fault;
    },
  };
}

/** A value of both shapes. */
export function both<A, B>(one: Shape<A>, other: Shape<B>): Shape<A & B> {
  return { faultIn: (value) => one.faultIn(value) ?? other.faultIn(value) };
}

const AN_OBJECT: Fault = { path: "", wanted: "an object" };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function within(name: string, { path, wanted }: Fault): Fault {
  return { path: path === "" ? name : `${name}.${path}`, wanted };
}

declare const stored: unique symbol;

/** The content of a JSON column that holds a `Name`. Only its format can write or read it. */
export interface Stored<Name extends string> {
  readonly [stored]: Name;
}

/** The version of a format that has had no other. Rows of the first builds have none and are read as it. */
const FIRST = 1;

/** The newest version of a format, and the oldest that can hold a value: an older Herald then refuses what it would misread. */
export interface Versions<T> {
  newest: number;
  of(value: T): number;
}

/** How a value is stored in a JSON column. */
export interface Format<T, Name extends string> {
  /**
   * Reads a column. `row` names the row in errors, such as "campaign 12".
   * @throws Error if a newer Herald wrote it, or if it does not have the expected shape
   */
  parse(column: Stored<Name>, row: string): T;
  /** The value with its version, to be written to the column. */
  store(value: T): Stored<Name>;
}

/** `name` is the value's name in the schema and in errors. */
export function format<T extends object, Name extends string>(
  name: Name,
  shape: Shape<T>,
  { newest, of }: Versions<T> = { newest: FIRST, of: () => FIRST },
): Format<T, Name> {
  return {
    parse(column, row) {
      const value: unknown = column;
      if (!isObject(value)) throw unreadable(name, row, AN_OBJECT);
      const { v = FIRST, ...rest } = value;
      if (typeof v === "number" && v > newest)
        throw new Error(
          `The ${name} of ${row} was written by a newer Herald (version ${v}; this one reads ${newest}). Run the newer one.`,
        );
      const isKnown = Number.isSafeInteger(v) && Number(v) >= FIRST;
      const fault = isKnown ? shape.faultIn(rest) : { path: "v", wanted: String(newest) };
      if (fault) throw unreadable(name, row, fault);
      // The shape has just checked it.
      return rest as T;
    },
    // The brand exists in types only: it keeps values without a version out of the column.
    store: (value) => ({ ...value, v: of(value) }) as unknown as Stored<Name>,
  };
}

function unreadable(name: string, row: string, { path, wanted }: Fault): Error {
  const place = path === "" ? "it" : path;
  return new Error(
    `The ${name} of ${row} in the database is not what Herald writes: ${place} should be ${wanted}.`,
  );
}
