import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** On macOS browsers are not on the PATH. */
const APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

export const NO_CHROMIUM = "no Chromium found: install it, or name its file in CHROMIUM";

/** Finds a Chromium: the one named in CHROMIUM, or else the first on the PATH. Nothing is downloaded. */
export function findChromium(): string | undefined {
  const named = process.env["CHROMIUM"];
  if (named) return existsSync(named) ? named : undefined;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const files = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...files, ...APPLICATIONS].find((file) => existsSync(file));
}

/** Starts a headless Chromium. Throws if there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  return chromium.launch({
    executablePath,
    // Containers often have a tiny /dev/shm.
    args: ["--disable-dev-shm-usage"],
    // As root, for example in a container, Chromium refuses to start with a sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}
