import type { Message } from "@grammyjs/types";
import { type Bot, InputFile } from "grammy";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "../../../playground/browser/chromium.ts";
import { Visitor, type VisitorOptions } from "../../../playground/browser/visitor.ts";
import type { PersonFacts } from "../../../playground/people/population.ts";
import { botFor, telegramFor } from "../harness.ts";
import { until } from "../stream.ts";

/** Of a telephone, in CSS pixels. */
const PHONE: VisitorOptions = { width: 390, height: 844, touch: true };

/** What is to be clicked on the page now: how large it is, and in which colour. */
const BUTTONS = `[...document.querySelectorAll("button:not(.skip), a")]
  .map((button) => {
    const { width, height } = button.getBoundingClientRect();
    const fill = getComputedStyle(button).backgroundColor;
    return { name: button.textContent.trim(), area: width * height, fill };
  })
  .filter(({ area }) => area > 0)`;

// Those of the demo say so when there is none.
describe.skipIf(findChromium() === undefined)("the page in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  /** Somebody at the page of a bot that is written for the test. */
  async function scene(build: (bot: Bot) => void, options?: VisitorOptions, facts?: PersonFacts) {
    const telegram = await telegramFor();
    const ada = telegram.person({ id: 1, started: true, ...facts });
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

  test.each([
    ["a telephone", PHONE],
    ["a desk", {}],
  ])(
    "on %s Start is the largest button of the first screen, and the only one so bright",
    async (_where, options) => {
      const { visit } = await scene(() => {}, options, { started: false });
      const visitor = await visit();
      await visitor.chat.getByRole("button", { name: "Start" }).waitFor();
      const buttons = await visitor.page.evaluate<{ name: string; area: number; fill: string }[]>(BUTTONS);
      const start = buttons.find(({ name }) => name === "Start");
      const others = buttons.filter((button) => button !== start);
      expect(others.length).toBeGreaterThan(2);
      expect(Math.max(...others.map(({ area }) => area))).toBeLessThan(start?.area ?? 0);
      expect(others.map(({ fill }) => fill)).not.toContain(start?.fill);
      await visitor.leaves();
    },
  );

  test("the chat with the bot is called as the bot is, and says who one is there", async () => {
    const { api, ada, visit } = await scene(() => {});
    await api.sendMessage(ada.id, "Hello");
    const { first_name: bot } = await api.getMe();
    const visitor = await visit();
    const header = visitor.chat.locator("header");
    await header.getByText("You are Person 1 · owner").waitFor();
    expect(await header.getByRole("heading").innerText()).toBe(bot);
    await visitor.page.getByRole("navigation").getByRole("link", { name: bot }).waitFor();
    await visitor.leaves();
  });

  test.each([
    ["a telephone", PHONE],
    ["a desk", {}],
  ])("on %s the menu of what can be attached leaves in sight what one has typed", async (_where, options) => {
    const { visit } = await scene(() => {}, options);
    const visitor = await visit();
    await visitor.field.fill("A long text that becomes a caption. ".repeat(10));
    await visitor.chat.getByRole("button", { name: "Attach" }).click();
    const menu = await visitor.chat.getByRole("menu", { name: "Attach" }).boundingBox();
    const field = await visitor.field.boundingBox();
    expect((menu?.y ?? 0) + (menu?.height ?? 1e6)).toBeLessThanOrEqual(field?.y ?? 0);
    await visitor.leaves();
  });

  test("a file of one's own takes the text in the field as its caption; several are an album, and any may go as a file", async () => {
    const heard: Message[] = [];
    const { visit } = await scene((bot) => bot.on("message", (ctx) => void heard.push(ctx.message)));
    const visitor = await visit();
    const drawing = await browser.newPage({ viewport: { width: 600, height: 300 } });
    const photo = {
      name: "menu.jpg",
      mimeType: "image/jpeg",
      buffer: await drawing.screenshot({ type: "jpeg" }),
    };
    await drawing.close();
    const choose = async (item: string, files: (typeof photo)[]) => {
      const chooser = visitor.page.waitForEvent("filechooser");
      await visitor.chooses("Attach", item);
      await (await chooser).setFiles(files);
    };
    await visitor.field.fill("The **menu**");
    await choose("Your photo or video…", [photo]);
    await visitor.sees("The menu");
    expect(await visitor.field.inputValue()).toBe("");
    const shown = await visitor.chat.getByRole("button", { name: "Photo, open it" }).boundingBox();
    expect((shown?.width ?? 0) / (shown?.height ?? 1)).toBeCloseTo(2, 1);
    // What the browser cannot play is sent all the same.
    const video = { name: "tour.mp4", mimeType: "video/mp4", buffer: Buffer.from("no video at all") };
    await choose("Your photo or video…", [photo, video]);
    await choose("Your file…", [photo]);
    await visitor.sees("menu.jpg");
    await until(() => heard.length === 4);
    const [first, second, third, file] = heard;
    expect(first).toMatchObject({ caption: "The menu", caption_entities: [{ type: "bold" }] });
    expect(first?.photo?.at(-1)).toMatchObject({ width: 600, height: 300 });
    expect(second?.photo).toBeDefined();
    expect(third?.video).toMatchObject({ file_name: "tour.mp4" });
    expect(third?.media_group_id).toBe(second?.media_group_id);
    expect(file?.document).toMatchObject({ file_name: "menu.jpg", mime_type: "image/jpeg" });
    expect(visitor.faults).toEqual([]);
    await visitor.leaves();
  });

  test("to a Russian browser the page speaks Russian, the owner's Telegram with it, until another language is chosen", async () => {
    const spoken: (string | undefined)[] = [];
    const { api, ada, visit } = await scene(
      (bot) => bot.on("message", (ctx) => void spoken.push(ctx.from.language_code)),
      { locale: "ru-RU" },
      { started: false, languageCode: "en" },
    );
    const visitor = await visit();
    const { page, chat } = visitor;
    await chat.getByText("Попробуйте своего бота без Telegram").waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("ru");
    expect(await visitor.nameless()).toEqual([]);
    await chat.getByRole("button", { name: "Старт" }).click();
    await chat.getByText("Вы Person 1 · владелец · русский").waitFor();
    await until(() => spoken.length === 1);
    await api.sendPhoto(ada.id, "https://example.org/photo.jpg");
    await page.getByRole("navigation").getByText("Фото").waitFor();
    await chat.getByRole("button", { name: "Прикрепить" }).click();
    await chat.getByRole("menuitem", { name: "Геопозиция" }).click();
    await until(() => spoken.length === 2);

    await visitor.field.fill("A draft");
    await page.getByRole("button", { name: "In English" }).click();
    await chat.getByText("You are Person 1 · owner · English").waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await visitor.field.inputValue()).toBe("A draft");
    await visitor.writes("Hello");
    await until(() => spoken.length === 3);
    expect(spoken).toEqual(["ru", "ru", "en"]);
    await page.reload();
    await chat.getByText("You are Person 1").waitFor();
    // In the menu of one's own chat as well.
    await chat.getByRole("button", { name: "Actions for Person 1" }).click();
    await chat.getByRole("menuitemradio", { name: "Russian" }).click();
    await chat.getByText("Вы Person 1 · владелец · русский").waitFor();
    expect(visitor.faults).toEqual([]);
    await visitor.leaves();
  });

  test("what can be done with a message opens from the corner of its bubble, and takes no room beside it", async () => {
    const { api, ada, visit } = await scene(() => {}, PHONE);
    await api.sendMessage(ada.id, "A post that fills the line. ".repeat(10));
    await api.sendPhoto(ada.id, "https://example.org/photo.jpg");
    const visitor = await visit();
    const [text, photo] = [visitor.message("A post"), visitor.messages.locator(".entry").last()];
    const bubble = await text.locator(".bubble").boundingBox();
    expect(bubble?.width).toBeGreaterThan((PHONE.width ?? 0) - 45);
    for (const message of [text, photo]) {
      await message.getByRole("button", { name: "More about this message" }).tap();
      const menu = visitor.chat.getByRole("menu", { name: "More about this message" });
      await menu.getByRole("menuitem", { name: "Delete" }).waitFor();
      await visitor.page.keyboard.press("Escape");
      await menu.waitFor({ state: "hidden" });
    }
    await visitor.field.focus();
    await visitor.focuses("More about this message", "Shift+Tab");
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
