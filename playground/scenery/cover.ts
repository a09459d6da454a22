import { mix, PALETTES } from "./palette.ts";
import type { Chance } from "./random.ts";

/** A record cover: sound bars below a disc. */
export function cover(chance: Chance): string {
  const { sky, light, far, near } = chance.oneOf(PALETTES);
  const [x, y] = [chance.between(120, 280), chance.between(130, 190)].map(Math.round);
  const rings = [120, 92, 64].map(
    (radius, index) =>
      `<circle cx="${x}" cy="${y}" r="${radius}" fill="#${mix(sky[1], light, 0.3 + index * 0.3)}"/>`,
  );
  const bars = Array.from({ length: 17 }, (_, index) => {
    const tall = Math.round(chance.between(30, 110) * (0.55 + 0.45 * Math.sin((index / 16) * Math.PI)));
    return `M${24 + index * 22} ${300 - tall}v${tall * 2}`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">` +
    `<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="#${sky[0]}"/><stop offset="1" stop-color="#${mix(far, near, 0.4)}"/></linearGradient></defs>` +
    `<rect width="400" height="400" fill="url(#s)"/>${rings.join("")}` +
    `<path d="${bars.join("")}" stroke="#${near}" stroke-width="11" stroke-linecap="round" opacity=".82"/></svg>`
  );
}
