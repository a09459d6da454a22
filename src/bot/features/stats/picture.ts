import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A machine that is busy takes some seconds; one that takes longer has other troubles. */
const PATIENCE_MS = 30_000;

/** A chart has some 100 kB. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Turns SVG into PNG, one picture after the other. It is done in a process of its own: drawn in this one, the first
 * picture held up everything else for 1.1 s, and 100 MB were never given back, nor by a worker thread (measured).
 */
export function createPainter(): (svg: string) => Promise<Buffer> {
  let last: Promise<unknown> = Promise.resolve();
  return (svg) => {
    const picture = last.then(() => paint(svg));
    last = picture.catch(() => undefined); // whoever asked for it hears of it
    return picture;
  };
}

/** @throws Error with what the painter said, also when it takes longer than 30 s. */
async function paint(svg: string): Promise<Buffer> {
  const options = { encoding: "buffer", timeout: PATIENCE_MS, maxBuffer: MOST_BYTES, env: {} } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, program(), options, (error, png) => {
      if (error) reject(error);
      else resolve(png);
    });
    // It ended before it had read everything: the callback knows why.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(svg);
  });
}

/** Arguments for Node: built, the painter lies beside this file; Node 20 reads the source with the help of tsx only. */
function program(): string[] {
  const here = fileURLToPath(import.meta.url);
  if (here.endsWith(".js")) return [here.replace(/picture\.js$/, "painter.js")];
  const tsx = createRequire(import.meta.url).resolve("tsx");
  return ["--import", pathToFileURL(tsx).href, here.replace(/picture\.ts$/, "painter.ts")];
}
