import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";
import { Resvg, initWasm } from "@resvg/resvg-wasm";

/*
 * A separate program: reads an SVG, writes a PNG of twice its size. picture.ts says why.
 */

const SCALE = 2;

const { resolve } = createRequire(import.meta.url);

/** Fonts come with Herald, because servers have none. These have Latin, Cyrillic and Greek letters. */
const FONTS = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) => `dejavu-fonts-ttf/ttf/${name}`);

const [svg, wasm, ...fontBuffers] = await Promise.all([
  buffer(process.stdin),
  readFile(resolve("@resvg/resvg-wasm/index_bg.wasm")),
  ...FONTS.map((font) => readFile(resolve(font))),
]);
await initWasm(wasm);
const drawing = new Resvg(svg, {
  font: { fontBuffers, defaultFontFamily: "DejaVu Sans" },
  fitTo: { mode: "zoom", value: SCALE },
});
process.stdout.write(drawing.render().asPng());
