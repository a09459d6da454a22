import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import pLimit from "p-limit";

/** A busy machine takes some seconds; beyond this, something else is wrong. */
const PATIENCE_MS = 30_000;

/** A chart has about 100 kB. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Turns SVG into PNG, one picture after the other, in a separate process. Measured in this process, the first picture
 * blocked everything else for 1.1 s and kept 100 MB for good; a worker thread kept them as well.
 */
export function createPainter(): (svg: string) => Promise<Buffer> {
  const oneAtATime = pLimit(1);
  return (svg) => oneAtATime(paint, svg);
}

/** @throws Error with the painter's message, or if it takes longer than 30 s */
async function paint(svg: string): Promise<Buffer> {
  const options = { encoding: "buffer", timeout: PATIENCE_MS, maxBuffer: MOST_BYTES, env: {} } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, program(), options, (error, png) => {
      if (error) reject(error);
      else resolve(png);
    });
    // The painter ended before it had read everything; the callback gets the reason.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(svg);
  });
}

/** Arguments for Node. In a build the painter is next to this file; to run the source, Node 20 needs tsx. */
function program(): string[] {
  const here = fileURLToPath(import.meta.url);
  if (here.endsWith(".js")) return [here.replace(/picture\.js$/, "painter.js")];
  const tsx = createRequire(import.meta.url).resolve("tsx");
  return ["--import", pathToFileURL(tsx).href, here.replace(/picture\.ts$/, "painter.ts")];
}
