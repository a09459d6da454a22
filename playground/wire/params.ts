import { badRequest } from "./refusal.ts";

/** A file part of a multipart body. */
export interface Upload {
  name: string;
  mime: string;
  content: Buffer;
}

/**
 * The parameters of one call. JSON bodies give typed values; urlencoded and multipart bodies give strings, with
 * arrays and objects as JSON. The readers hide the difference.
 */
export class Params {
  readonly values: Record<string, unknown>;
  readonly uploads: ReadonlyMap<string, Upload>;

  constructor(values: Record<string, unknown>, uploads: ReadonlyMap<string, Upload> = new Map()) {
    this.values = values;
    this.uploads = uploads;
  }

  has(name: string): boolean {
    return this.values[name] != null;
  }

  /** A string, or undefined if absent. Numbers become their digits, as at Telegram. */
  text(name: string): string | undefined {
    const value = this.values[name];
    if (typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  }

  /** An integer, or undefined if absent or not a number. */
  integer(name: string): number | undefined {
    const value = this.number(name);
    return value === undefined ? undefined : Math.trunc(value);
  }

  number(name: string): number | undefined {
    const value = this.values[name];
    if (typeof value === "number") return value;
    if (typeof value !== "string" || value.trim() === "") return undefined;
    const parsed = Number(value);
    return Number.isFinite(parsed) ? parsed : undefined;
  }

  flag(name: string): boolean {
    const value = this.values[name];
    return value === true || value === "true" || value === "True" || value === "1" || value === 1;
  }

  /** An array or object. Throws "can't parse …" for a string that is not JSON. */
  json(name: string): unknown {
    const value = this.values[name];
    if (typeof value !== "string") return value ?? undefined;
    if (value === "") return undefined;
    let parsed: unknown;
    try {
      parsed = JSON.parse(value);
    } catch {
      throw badRequest(`can't parse ${name} JSON object`);
    }
    checkEncoding(parsed);
    return parsed;
  }

  /** An array, or undefined if absent. Throws a refusal for anything else. */
  list(name: string): unknown[] | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw badRequest(`can't parse ${name}: expected an Array`);
    return value as unknown[];
  }
}

/**
 * Throws Telegram's refusal if any string in the value holds half a surrogate pair: JSON can express that, UTF-8
 * cannot.
 */
export function checkEncoding(value: unknown): void {
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) throw badRequest("strings must be encoded in UTF-8");
  } else if (typeof value === "object" && value !== null) {
    for (const one of Object.values(value)) checkEncoding(one);
  }
}

/** Whether a value that came over the wire is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
