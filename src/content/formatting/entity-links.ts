import type { MessageEntity } from "grammy/types";
import { FormattingError } from "./formatting-error.ts";

/*
 * Links as TDLib parses them (LinkManager.cpp; tdutils, HttpUrl.cpp). `bench/tdlib` compares this with TDLib itself.
 */

/** A link as Telegram keeps it, or the reason why it refuses it. */
type Checked = { url: string } | { why: string };

type Place = Pick<MessageEntity, "offset" | "length">;

interface Address {
  scheme: "http" | "https";
  user: string;
  host: string;
  /** 0 if the link names none. */
  port: number;
  /** Everything after host and port; begins with a slash. */
  rest: string;
}

/** TDLib, UserId.h. */
const LARGEST_USER = 2n ** 40n;
const HOST = /^(?:[\w.!$,~*'();&+=-]|%[\da-f]{2}|[^\0-\x7F])*$/i;
const USER = /^(?:[\w.!$,~*'();&+=:-]|%[\da-f]{2}|[^\0-\x7F])*$/i;

/** Checks a link, for example a button's. @throws FormattingError */
export function checkLink(url: string, whose: string): void {
  const checked = readLink(url);
  if ("why" in checked) throw new FormattingError(`${whose} URL '${url}' is invalid: ${checked.why}`);
}

export function readLink(link: string): Checked {
  const app = /^(?<scheme>tg|ton|tonsite):(?:\/\/)?(?<rest>.*)$/is.exec(link)?.groups;
  const address = parseAddress(app?.["rest"] ?? link);
  if ("why" in address) return address;
  const { scheme, user, host, port, rest } = address;
  if (app) return readAppLink(lower(app["scheme"] ?? ""), app["rest"] ?? "", address);
  if (!host.includes(".") && !host.startsWith("[")) return { why: "Wrong HTTP URL" };
  return { url: `${scheme}://${user && `${user}@`}${host}${port > 0 ? `:${port}` : ""}${rest}` };
}

function readAppLink(
  scheme: string,
  written: string,
  { user, host, port, rest, ...address }: Address,
): Checked {
  const isWeb = address.scheme === "https" || /^http:\/\//i.test(written);
  if (isWeb || user !== "" || port !== 0 || host.startsWith("["))
    return { why: scheme === "tg" ? "Wrong tg URL" : "Wrong ton URL" };
  const allowed = scheme === "tonsite" ? /^[\w.-]+$/ : /^[\w-]+$/;
  if (!allowed.test(host)) return { why: "Unallowed characters in URL host" };
  return { url: `${scheme}://${host}${rest.startsWith("/?") ? rest.slice(1) : rest}` };
}

function parseAddress(url: string): Address | { why: string } {
  const prefix = /^(?<scheme>[^:/?#@[\]]*):\/\//.exec(url);
  const scheme = lower(prefix?.groups?.["scheme"] ?? "http");
  if (scheme !== "http" && scheme !== "https") return { why: "Unsupported URL protocol" };
  const behind = url.slice(prefix?.[0].length ?? 0);
  const authority = /^[^/?#]*/.exec(behind)?.[0] ?? "";
  const written = /^(?<before>.+):(?<port>[^:\]@]*)$/s.exec(authority)?.groups;
  const port = written && readPort(written["port"] ?? "");
  if (port === null) return { why: "Wrong port number specified in the URL" };
  const place = written?.["before"] ?? authority;
  const at = place.lastIndexOf("@");
  const user = place.slice(0, Math.max(at, 0));
  const host = lower(place.slice(at + 1));
  const why = faultOf(host, user);
  return why === null
    ? { scheme, user, host, port: port ?? 0, rest: restOf(behind.slice(authority.length)) }
    : { why };
}

/** Null for an invalid port. */
function readPort(digits: string): number | null {
  const port = /^\d+$/.test(digits) ? Number(digits) : 0;
  return port > 0 && port <= 65_535 ? port : null;
}

function faultOf(host: string, user: string): string | null {
  if (host === "") return "URL host is empty";
  if (host === ".") return "Host is invalid";
  if (host.startsWith("[") && host.endsWith("]"))
    return URL.canParse(`http://${host}/`) ? null : "Wrong IPv6 address specified in the URL";
  for (const [part, name, pattern] of [
    [host, "host", HOST],
    [user, "userinfo", USER],
  ] as const) {
    if (pattern.test(part)) continue;
    const percent = /%(?![\da-f]{2})/i.exec(part)?.index ?? Infinity;
    const other = /[\0-\x20"#/:<>?@[\\\]^`{|}\x7F]/.exec(
      name === "host" ? part : part.replaceAll(":", "_"),
    )?.index;
    return percent < (other ?? Infinity)
      ? `Wrong percent-encoded symbol in URL ${name}`
      : `Disallowed character in URL ${name}`;
  }
  return null;
}

/** Path, query and fragment. White space inside is escaped, trailing white space is cut off. */
function restOf(text: string): string {
  const rest = text.replace(/[ \t\r\n\0\v]+$/, "");
  const escaped = rest.replace(
    /[\0- ]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return escaped.startsWith("/") ? escaped : `/${escaped}`;
}

/** The entity for a link: a mention for tg://user, a text_link otherwise, null if Telegram refuses the link. */
export function linkEntity(link: string, place: Place): MessageEntity | null {
  const id = userIn(link);
  if (id !== null) return mentionEntity(id, place);
  const checked = readLink(link);
  return "url" in checked ? { type: "text_link", ...place, url: checked.url } : null;
}

/** A mention of a person of whom only the id is known yet. */
export function mentionEntity(id: number, place: Place): MessageEntity {
  return { type: "text_mention", ...place, user: { id, is_bot: false, first_name: "" } };
}

/** A date; `format` comes from `dateFormat`. */
export function dateEntity(unix: number, format: string, place: Place): MessageEntity {
  // The type spells out every order of its letters.
  const date_time_format = format as MessageEntity.DateTimeMessageEntity["date_time_format"];
  return { type: "date_time", ...place, unix_time: unix, date_time_format };
}

/** The id in tg://user?id=…; null for other links. */
export function userIn(link: string): number | null {
  const id = fieldsOf(lower(link), "user")?.find(([name]) => name === "id")?.[1];
  const read = id === undefined ? null : integerIn(id, 64);
  return read !== null && read > 0n && read < LARGEST_USER ? Number(read) : null;
}

/** The id in tg://emoji?id=…; null for other links. */
export function emojiIn(link: string): string | null {
  const id = fieldsOf(link, "emoji")?.find(([name]) => name === "id")?.[1];
  const read = id === undefined ? null : integerIn(id, 64);
  return read === null || read === 0n ? null : String(read);
}

/**
 * The time in tg://time?unix=…&format=…; null for other links. If a field is repeated, the last one counts, but all
 * must be valid.
 */
export function timeIn(link: string): { unix: number; format: string } | null {
  const fields = fieldsOf(link, "time") ?? [];
  const times = fields.flatMap(([name, value]) => (name === "unix" ? [integerIn(value, 32)] : []));
  const unix = times.at(-1);
  if (unix == null || times.some((time) => time === null || time <= 0n)) return null;
  const format = dateFormat(fields.findLast(([name]) => name === "format")?.[1] ?? "");
  return format === null ? null : { unix: Number(unix), format };
}

/** A date format normalized to the letters and order in the Bot API's documentation; null if it is invalid. */
export function dateFormat(written: string): string | null {
  if (/^r$/i.test(written)) return "r";
  if (!/^[tTdDwW]*$/.test(written)) return null;
  const one = (...letters: string[]) => letters.find((letter) => written.includes(letter)) ?? "";
  return `${/w/i.test(written) ? "w" : ""}${one("d", "D")}${one("t", "T")}`;
}

/** The fields of tg://HOST?name=value&…; null for other links. */
function fieldsOf(link: string, host: string): [name: string, value: string][] | null {
  const query = new RegExp(`^tg:(?://)?${host}/?\\?(?<query>[^#]*)`, "i").exec(link)?.groups?.["query"];
  return (
    query?.split("&").map((field) => {
      const [name = "", ...value] = field.split("=");
      return [name, value.join("=")];
    }) ?? null
  );
}

/** An integer as TDLib prints it, or null. */
export function integerIn(text: string, bits: number): bigint | null {
  if (!/^(?:0|-?[1-9]\d*)$/.test(text)) return null;
  const value = BigInt(text);
  return BigInt.asIntN(bits, value) === value ? value : null;
}

/** Like TDLib, lowercases ASCII only. */
export function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
