import type { Chance } from "./random.ts";

const EYES = `<g fill="#3b2a20"><ellipse cx="78" cy="96" rx="8" ry="11"/><ellipse cx="122" cy="96" rx="8" ry="11"/></g><g fill="#fff"><circle cx="81" cy="92" r="3"/><circle cx="125" cy="92" r="3"/></g>`;
const SMILE = `<path d="M80 118q20 20 40 0" fill="none" stroke="#3b2a20" stroke-width="6" stroke-linecap="round"/>`;
const LAUGH = `<path d="M76 114h48q-4 30-24 30t-24-30z" fill="#7a2e2e"/><path d="M86 136q14-12 28 0-6 8-14 8t-14-8z" fill="#f08a8a"/>`;
const CHEEKS = `<g fill="#ff8a80" opacity=".55"><ellipse cx="60" cy="116" rx="11" ry="7"/><ellipse cx="140" cy="116" rx="11" ry="7"/></g>`;

/** What a sticker shows, in a square of 200; without the face. */
const BODIES: readonly [string, ...string[]] = [
  // A round face.
  `<circle cx="100" cy="104" r="78" fill="url(#a)"/>`,
  // A cup of coffee.
  `<path d="M156 84h12a24 24 0 0 1 0 54h-16" fill="none" stroke="url(#a)" stroke-width="14"/><path d="M38 66h124v62a48 48 0 0 1-48 48H86a48 48 0 0 1-48-48z" fill="url(#a)"/><ellipse cx="100" cy="66" rx="62" ry="12" fill="#6b4230"/><path d="M78 46q-10-10 0-20t0-18M104 46q-10-10 0-20t0-18M130 46q-10-10 0-20t0-18" fill="none" stroke="#cfc8c2" stroke-width="6" stroke-linecap="round"/>`,
  // A cat.
  `<path d="M36 26l38 26h52l38-26v78a64 70 0 0 1-128 0z" fill="url(#a)" stroke="url(#a)" stroke-width="8" stroke-linejoin="round"/><path d="M48 46l16 14-14 12zM152 46l-16 14 14 12z" fill="#ffb8b8"/><path d="M34 118l-26-6M34 128l-26 6M166 118l26-6M166 128l26 6" stroke="#8a7568" stroke-width="4" stroke-linecap="round"/>`,
  // A sun.
  `<path d="M100 4v26M100 178v18M4 104h22M174 104h22M32 36l18 18M150 154l18 18M168 36l-18 18M50 154l-18 18" stroke="url(#a)" stroke-width="13" stroke-linecap="round"/><circle cx="100" cy="104" r="62" fill="url(#a)"/>`,
  // A heart.
  `<path d="M100 182C20 130 8 92 18 64c12-34 58-40 82-6 24-34 70-28 82 6 10 28-2 66-82 118z" fill="url(#a)"/>`,
  // A bean.
  `<path d="M100 18c52 0 76 44 68 94s-40 74-74 74-66-32-62-88S60 18 100 18z" fill="url(#a)"/><path d="M124 26c-24 18-2 36-20 50" fill="none" stroke="#4a2a1c" stroke-width="6" stroke-linecap="round" opacity=".55"/>`,
];

/** Per body: lighter on top, darker below. */
const COLORS: readonly (readonly [string, string])[] = [
  ["ffe27a", "ffc23d"],
  ["7cc7f5", "3f8fe0"],
  ["ffb870", "f2914a"],
  ["ffd95e", "ffae34"],
  ["ff8fa3", "ef4f72"],
  ["b98260", "8a5638"],
];

/** A friendly face on a transparent background, with a white outline like a sticker's. */
export function sticker(chance: Chance): string {
  const body = chance.oneOf(BODIES);
  const [above, below] = COLORS[BODIES.indexOf(body)] ?? ["ffe27a", "ffc23d"];
  const mouth = chance.inTen(5) ? SMILE : LAUGH;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 224 224" width="512" height="512">` +
    `<defs><linearGradient id="a" x2="0" y2="1"><stop stop-color="#${above}"/><stop offset="1" stop-color="#${below}"/></linearGradient>` +
    `<filter id="o" x="-10%" y="-10%" width="120%" height="120%"><feMorphology in="SourceAlpha" operator="dilate" radius="5"/><feGaussianBlur stdDeviation=".8"/><feComponentTransfer><feFuncA type="linear" slope="3"/></feComponentTransfer><feColorMatrix values="0 0 0 0 1 0 0 0 0 1 0 0 0 0 1 0 0 0 1 0" result="w"/><feDropShadow in="w" dx="0" dy="2" stdDeviation="2" flood-opacity=".25"/><feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge></filter></defs>` +
    `<g filter="url(#o)">${body}${CHEEKS}${EYES}${mouth}</g></svg>`
  );
}
