import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";
import { Resvg, initWasm } from "@resvg/resvg-wasm";

/*
 * A program of its own: SVG in, PNG out, twice as large. See picture.ts for why.
 */

const SCALE = 2;

const { resolve } = createRequire(import.meta.url);

/** The letters come along, for a server has no fonts: these have Latin, Cyrillic and Greek. */
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
