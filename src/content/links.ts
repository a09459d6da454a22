/** What TDLib takes in the host of an address and before the `@` in front of it (tdutils, `parse_url`). */
const PART = "[\\w.!$,~*'();&+=-]|%[\\da-f]{2}|[^\\0-\\x7F]";
const WEB = new RegExp(
  `^https?://(?:(?:${PART}|:)*@)?(?!\\.(?:[:/?#]|$))(?:\\[[\\da-f:.]+\\]|(?:${PART})*\\.(?:${PART})*)(?::0*[1-9]\\d*)?(?=[/?#]|$)`,
  "iu",
);
const APP = /^(?:(?:tg|ton):\/\/[\w-]+|tonsite:\/\/(?!\.(?:[/?#]|$))[\w.-]+)(?=[/?#]|$)/i;
const SCHEME = /^\w+:\/\//;
/** Schemes without slashes that people type and Telegram does not take. */
const FOREIGN = /^(?:mailto|tel|sms):/i;

/**
 * The e-mail address behind a link: as it is typed, and as what Telegram makes of it, a website with the name before the
 * @ as its user (`http://mailto:info@example.com/`). Null for other links.
 */
export function emailIn(link: string): string | null {
  return (
    /^(?:https?:\/\/)?(?:mailto:(?:\/\/)?)?(?<email>[^\s@:/?#]+@[^\s@:/?#]+)\/?(?:\?.*)?$/i.exec(link)
      ?.groups?.["email"] ?? null
  );
}

/** Whether a word was meant as a link, good or not. */
export function looksLikeLink(word: string): boolean {
  return SCHEME.test(word) || FOREIGN.test(word) || /^[^\s/]+\.\p{L}{2,}([/?#:]|$)/u.test(word);
}

/**
 * The link that a word means; null for what Telegram does not take. A bare t.me/name or example.com gets https.
 * Telegram's rules are TDLib's (LinkManager, `check_link`): http, https, tg, ton and tonsite, no empty host, no port 0.
 */
export function linkFrom(word: string): string | null {
  if (FOREIGN.test(word)) return null;
  const link = SCHEME.test(word) ? word : `https://${word}`;
  if (APP.test(link)) return link;
  return WEB.test(link) && URL.canParse(link) ? link : null;
}
