import { type Bot, InputFile } from "grammy";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "../../../playground/browser/chromium.ts";
import { Visitor, type VisitorOptions } from "../../../playground/browser/visitor.ts";
import { botFor, telegramFor } from "../harness.ts";

/** Of a telephone, in CSS pixels. */
const PHONE: VisitorOptions = { width: 390, height: 844, touch: true };

// Those of the demo say so when there is none.
describe.skipIf(findChromium() === undefined)("the page in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  /** Somebody at the page of a bot that is written for the test. */
  async function scene(build: (bot: Bot) => void, options?: VisitorOptions) {
    const telegram = await telegramFor();
    const ada = telegram.person({ id: 1, started: true });
    const bot = botFor(telegram, build);
    await telegram.opensPage({ owner: ada.id });
    return { api: bot.api, ada, visit: () => Visitor.opens(browser, telegram.apiRoot, options) };
  }

  test("with fingers, a tap on a button below a message counts while one writes above the bot's keyboard", async () => {
    const taps: string[] = [];
    const { api, ada, visit } = await scene((bot) => {
      bot.on("callback_query:data", async (ctx) => {
        taps.push(ctx.callbackQuery.data);
        await ctx.answerCallbackQuery("Got it");
      });
    }, PHONE);
    await api.sendMessage(ada.id, "Choose", {
      reply_markup: { keyboard: [["One", "Two"]], resize_keyboard: true },
    });
    await api.sendMessage(ada.id, "Or tap", {
      reply_markup: { inline_keyboard: [[{ text: "Here", callback_data: "here" }]] },
    });
    const visitor = await visit();
    const { page, chat, field } = visitor;
    const keyboard = chat.getByRole("group", { name: "Keyboard of the bot" });
    await keyboard.waitFor();
    await field.tap();
    await keyboard.waitFor({ state: "hidden" });
    await chat.getByRole("button", { name: "Here" }).tap();
    await page.getByText("Got it").waitFor();
    expect(taps).toEqual(["here"]);
    await keyboard.waitFor();
    expect(visitor.faults).toEqual([]);
    await visitor.leaves();
  });

  test("an uploaded photo keeps its ratio, and opens by mouse or keyboard until Escape", async () => {
    const { api, ada, visit } = await scene(() => {});
    const drawing = await browser.newPage({ viewport: { width: 1200, height: 1280 } });
    await api.sendPhoto(ada.id, new InputFile(await drawing.screenshot({ type: "jpeg" })));
    await drawing.close();
    const visitor = await visit();
    const opener = visitor.chat.getByRole("button", { name: "Photo, open it" });
    const large = visitor.page.getByRole("dialog", { name: "Photo" });
    const small = await opener.boundingBox();
    expect((small?.width ?? 0) / (small?.height ?? 1)).toBeCloseTo(1200 / 1280, 2);

    await opener.click();
    const seen = await large.getByRole("img").boundingBox();
    expect((seen?.width ?? 0) / (seen?.height ?? 1)).toBeCloseTo(1200 / 1280, 2);
    expect(seen?.height).toBeGreaterThan(1.5 * (small?.height ?? 0));
    expect(await visitor.nameless()).toEqual([]);
    await visitor.page.keyboard.press("Escape");
    // Closed, it is gone a moment later; until then it cannot open again.
    await visitor.page.locator("dialog").waitFor({ state: "detached" });
    await visitor.page.keyboard.press("Enter");
    await large.waitFor();
    await large.getByRole("button", { name: "Close" }).click();
    await large.waitFor({ state: "hidden" });
    expect(visitor.faults).toEqual([]);
    await visitor.leaves();
  });

  test("what the Tab key leads to comes into view, and stays there", async () => {
    const { api, ada, visit } = await scene(() => {});
    await api.sendPhoto(ada.id, "https://example.org/first.jpg");
    await api.sendMessage(ada.id, "A line\n".repeat(60));
    const visitor = await visit();
    const opener = visitor.chat.getByRole("button", { name: "Photo, open it" });
    await opener.waitFor();
    const top = async () => (await opener.boundingBox())?.y ?? -1;
    expect(await top()).toBeLessThan(0);
    await visitor.field.focus();
    await visitor.focuses("Photo, open it", "Shift+Tab");
    expect(await top()).toBeGreaterThan(0);
    await visitor.leaves();
  });
});
