/** Schemes that a click may follow. A message could contain any, `javascript:` included. */
const SCHEMES = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);

/** The target of a message's link, with "https://" added to a bare domain; undefined if it is not safe to follow. */
export function safeLink(link: string): string | undefined {
  const whole = /^[a-z][a-z\d+.-]*:(?!\d)/i.test(link) ? link : `https://${link}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return SCHEMES.has(url.protocol) ? url.href : undefined;
}

/** The host of a link for display; the link itself if it has none. */
export function hostOf(link: string): string {
  const href = safeLink(link);
  const host = href === undefined ? "" : new URL(href).host;
  return host === "" ? link : host.replace(/^www\./, "");
}

/** A tel: link for a phone number. */
export function telephone(number: string): string {
  return `tel:${number.replaceAll(/[^\d+]/g, "")}`;
}
