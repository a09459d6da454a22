import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Locator } from "playwright-core";
import { startDemo } from "../demo/demo.ts";
import { launchChromium } from "./chromium.ts";
import { Visitor } from "./visitor.ts";

/*
 * Regenerates docs/pictures: a broadcast in the demo as seen in the browser, in light and dark.
 */

const FOLDER = fileURLToPath(new URL("../../docs/pictures", import.meta.url));

/** The largest picture, in bytes: the README has five of them. */
const MOST = 80_000;
const QUALITIES = [80, 70, 60, 50, 40];

/** Margin around a message, in CSS pixels. */
const MARGIN = 12;

const POST = `Our autumn menu is here, {first_name|friend}!

Cardamom buns, a spiced flat white, and the chestnut cake that you asked for. Come by until Sunday, and the second cup is on us.`;

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Takes a light and a dark picture of the page, or of a part of it. */
async function picture({ page }: Visitor, name: string, area?: Area): Promise<void> {
  // Hovered elements look different.
  await page.mouse.move(0, 0);
  const client = await page.context().newCDPSession(page);
  const clip = area && { clip: { ...area, scale: 1 } };
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const quality of QUALITIES) {
      const { data } = await client.send("Page.captureScreenshot", { format: "webp", quality, ...clip });
      const bytes = Buffer.from(data, "base64");
      if (bytes.length > MOST && quality !== QUALITIES.at(-1)) continue;
      await writeFile(join(FOLDER, `${name}-${scheme}.webp`), bytes);
      break;
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await client.detach();
}

/** Takes pictures of one message, or of a range of messages, with everything else hidden. */
async function pictureOf(
  visitor: Visitor,
  name: string,
  first: RegExp | string,
  last = first,
): Promise<void> {
  const chat = await boxOf(visitor.messages);
  const [top, bottom] = [await boxOf(visitor.message(first)), await boxOf(visitor.message(last))];
  const end = bottom.y + bottom.height;
  const hidden: Locator[] = [];
  for (const entry of await visitor.messages.locator(".entry, h3").all()) {
    const { y, height } = await boxOf(entry);
    if (y + height <= top.y || y >= end) hidden.push(entry);
  }
  const show = (visibility: string) =>
    Promise.all(
      hidden.map((entry) => entry.evaluate((element, to) => (element.style.visibility = to), visibility)),
    );
  await show("hidden");
  await picture(visitor, name, { ...chat, y: top.y - MARGIN, height: end - top.y + 2 * MARGIN });
  await show("");
}

async function boxOf(locator: Locator): Promise<Area> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error(`there is no ${String(locator)}`);
  return box;
}

async function takeAll(browser: Browser, address: string): Promise<void> {
  // As wide as a phone, and so high that nothing has to be scrolled.
  const admin = await Visitor.opens(browser, address, { width: 460, height: 1900, scale: 2 });
  const looker = await Visitor.opens(browser, address, { width: 1360, height: 850, scale: 1.5 });
  await admin.taps("Start");
  await admin.sees("Hello, Olivia!");
  await admin.writes("/broadcast");
  await admin.sees("Send me the post");
  await admin.field.fill(POST);
  await admin.chooses("Attach", /^Photo\b/);
  await admin.sees("who should receive it?");
  await pictureOf(admin, "composer", "/broadcast", "who should receive it?");
  await admin.taps("Continue");
  await admin.sees("· draft");
  await pictureOf(admin, "review", /Our autumn menu is here, Olivia/, "· draft");
  await admin.taps("Send now");
  await admin.taps(/^Yes, send to/);
  await admin.sees(/Sent (?:2[5-9]|3[0-8])\d/);
  await pictureOf(admin, "progress", "· sending");
  await picture(looker, "page");
  // So that the report has something to show.
  await looker.presses("block the bot");
  await admin.sees("· finished");
  await pictureOf(admin, "report", "· finished");
}

async function main(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const browser = await launchChromium();
  const demo = await startDemo({ port: 0 });
  try {
    await takeAll(browser, demo.address);
  } finally {
    await browser.close();
    await demo.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
