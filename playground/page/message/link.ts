/** Schemes that a click may follow; a message could hold any, javascript: among them. */
const SCHEMES = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);

/** Where a link of a message leads, "https://" put before a bare domain; undefined for what is better not followed. */
export function safeLink(link: string): string | undefined {
  const whole = /^[a-z][a-z\d+.-]*:(?!\d)/i.test(link) ? link : `https://${link}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return SCHEMES.has(url.protocol) ? url.href : undefined;
}

/** The host of a link, as a person names it; the link itself when it has none. */
export function hostOf(link: string): string {
  const href = safeLink(link);
  const host = href === undefined ? "" : new URL(href).host;
  return host === "" ? link : host.replace(/^www\./, "");
}

/** A phone number as a link. */
export function telephone(number: string): string {
  return `tel:${number.replaceAll(/[^\d+]/g, "")}`;
}
