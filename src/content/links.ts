/** What TDLib accepts in a host and in the user info before its `@` (tdutils, `parse_url`). */
const PART = "[\\w.!$,~*'();&+=-]|%[\\da-f]{2}|[^\\0-\\x7F]";
const WEB = new RegExp(
  `^https?://(?:(?:${PART}|:)*@)?(?!\\.(?:[:/?#]|$))(?:\\[[\\da-f:.]+\\]|(?:${PART})*\\.(?:${PART})*)(?::0*[1-9]\\d*)?(?=[/?#]|$)`,
  "iu",
);
const APP = /^(?:(?:tg|ton):\/\/[\w-]+|tonsite:\/\/(?!\.(?:[/?#]|$))[\w.-]+)(?=[/?#]|$)/i;
const SCHEME = /^\w+:\/\//;
/** Schemes without slashes that people type and Telegram does not accept. */
const FOREIGN = /^(?:mailto|tel|sms):/i;

/**
 * The e-mail address in a link: as typed, or as Telegram rewrites it, as a website with the local part as its user
 * (`http://mailto:info@example.com/`). Null for other links.
 */
export function emailIn(link: string): string | null {
  return (
    /^(?:https?:\/\/)?(?:mailto:(?:\/\/)?)?(?<email>[^\s@:/?#]+@[^\s@:/?#]+)\/?(?:\?.*)?$/i.exec(link)
      ?.groups?.["email"] ?? null
  );
}

/** True if a word was meant as a link, valid or not. */
export function looksLikeLink(word: string): boolean {
  return SCHEME.test(word) || FOREIGN.test(word) || /^[^\s/]+\.\p{L}{2,}([/?#:]|$)/u.test(word);
}

/**
 * The link that a word means; null if Telegram does not accept it. A bare t.me/name or example.com gets https.
 * Telegram's rules are TDLib's (LinkManager, `check_link`): http, https, tg, ton and tonsite, no empty host, no port 0.
 */
export function linkFrom(word: string): string | null {
  if (FOREIGN.test(word)) return null;
  const link = SCHEME.test(word) ? word : `https://${word}`;
  if (APP.test(link)) return link;
  return WEB.test(link) && URL.canParse(link) ? link : null;
}
