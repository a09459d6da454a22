import type { Button } from "./content.ts";

type LinkButton = Extract<Button, { url: string }>;

/** Telegram draws at most 8 buttons a row and takes 100 under a message. */
const MOST_IN_A_ROW = 8;
const MOST = 100;
/** Beyond this Telegram's clients cut the label; the server's own bound is on the whole keyboard. */
const LONGEST_TEXT = 64;

export type ButtonFault =
  | { line: number; reason: "no-url" | "no-text" | "bad-url"; part: string }
  | { line: number; reason: "text-too-long"; part: string; limit: number }
  | { line: number; reason: "row-too-long" | "too-many"; limit: number };

/**
 * Reads buttons as an admin types them: a row a line, `Text - URL`, several in a row parted by `|`.
 * The URL is the anchor: it is the last word of each part, so a text may hold dashes, and the dash
 * before the URL may be -, – or —, or be left out.
 */
export function parseButtons(text: string): { rows: LinkButton[][]; faults: ButtonFault[] } {
  const rows: LinkButton[][] = [];
  const faults: ButtonFault[] = [];
  let count = 0;
  for (const [index, lineText] of text.split(/\r?\n/).entries()) {
    if (lineText.trim() === "") continue;
    const line = index + 1;
    const row: LinkButton[] = [];
    for (const part of lineText.split("|").map((piece) => piece.trim())) {
      const parsed = parseButton(part);
      if ("url" in parsed) row.push(parsed);
      else faults.push({ line, ...parsed });
    }
    if (row.length > MOST_IN_A_ROW) faults.push({ line, reason: "row-too-long", limit: MOST_IN_A_ROW });
    const before = count;
    count += row.length;
    if (before <= MOST && count > MOST) faults.push({ line, reason: "too-many", limit: MOST });
    rows.push(row);
  }
  return { rows, faults };
}

/** The other way round: what an admin would type to get these buttons. */
export function formatButtons(rows: Button[][]): string {
  return rows
    .map((row) => row.map((button) => `${button.text} - ${"url" in button ? button.url : ""}`).join(" | "))
    .join("\n");
}

type WithoutLine<T> = T extends unknown ? Omit<T, "line"> : never;

function parseButton(part: string): LinkButton | WithoutLine<ButtonFault> {
  // An address with its scheme is found even when it sticks to the dash: "Shop-https://…".
  const match =
    /^(?<text>.*?)\s*[-–—]?\s*(?<url>(?:https?|tg):\/\/\S+)$/i.exec(part) ??
    /^(?<text>.*\s)?(?<url>\S+)$/.exec(part);
  const written = match?.groups?.["url"] ?? "";
  const text = (match?.groups?.["text"] ?? "").replace(/\s*[-–—]?\s*$/, "").trim();
  if (!looksLikeAddress(written)) return { reason: "no-url", part };
  const url = normalizeUrl(written);
  if (!url) return { reason: "bad-url", part: written };
  if (!text) return { reason: "no-text", part };
  if ([...text].length > LONGEST_TEXT) return { reason: "text-too-long", part: text, limit: LONGEST_TEXT };
  return { text, url };
}

function looksLikeAddress(word: string): boolean {
  return /^\w+:\/\//.test(word) || /^[^\s/]+\.\p{L}{2,}([/?#:]|$)/u.test(word);
}

/** Telegram wants a scheme and takes http, https and tg. A bare t.me/name or example.com gets https. */
function normalizeUrl(word: string): string | null {
  const address = /^\w+:\/\//.test(word) ? word : `https://${word}`;
  if (!URL.canParse(address)) return null;
  const { protocol, hostname } = new URL(address);
  if (protocol === "tg:") return address;
  if (protocol !== "https:" && protocol !== "http:") return null;
  return hostname.includes(".") ? address : null;
}
