import type { Browser, BrowserContext, Locator, Page } from "playwright-core";

export interface VisitorOptions {
  /** The window, in CSS pixels. Default 1280 × 860, which shows all three parts of the page. */
  width?: number;
  height?: number;
  /** Physical pixels per CSS pixel. Default 1. */
  scale?: number;
  /** Whether it is a touch device. Default false. */
  touch?: boolean;
  /** The language of the browser, as a tag. Default "en-GB". */
  locale?: string;
}

/** How long something may take to appear, in ms: a broadcast to 500 people on a busy machine. */
const PATIENCE_MS = 120_000;

/** More than the page's tab stops. */
const MOST_STOPS = 80;

/** A control or image without an accessible name, in an ARIA snapshot. */
const NAMELESS =
  /^ *- (?:button|checkbox|combobox|img|link|menuitem|option|radio|searchbox|textbox)(?: \[.*\])?:?$/gm;

/** A visitor to the demo's page, who reads, taps and types like everyone else. */
export class Visitor {
  readonly page: Page;
  /** What must never happen: console errors, requests to another host. */
  readonly faults: string[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page, address: string) {
    this.#context = context;
    this.page = page;
    page.on("pageerror", (error) => this.faults.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.faults.push(message.text());
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(`${address}/`) && !/^(?:data|blob):/.test(url)) this.faults.push(`asks ${url}`);
    });
  }

  /** Opens the page of a demo. */
  static async opens(browser: Browser, address: string, options: VisitorOptions = {}): Promise<Visitor> {
    const { width = 1280, height = 860, scale = 1, touch = false, locale = "en-GB" } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: scale,
      hasTouch: touch,
      isMobile: touch,
      colorScheme: "light",
      // No picture is taken in the middle of an animation.
      reducedMotion: "reduce",
      locale,
      timezoneId: "Europe/London",
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const visitor = new Visitor(context, page, address);
    await page.goto(address);
    return visitor;
  }

  /** The part of the page with the open chat. */
  get chat(): Locator {
    return this.page.getByRole("main");
  }

  /** The messages of the open chat. */
  get messages(): Locator {
    return this.chat.getByRole("log");
  }

  /** The panel "What Telegram sees". */
  get telegram(): Locator {
    return this.page.getByRole("complementary", { name: "What Telegram sees" });
  }

  /** Waits until the open chat shows this text. */
  async sees(text: RegExp | string): Promise<void> {
    await this.messages.getByText(text).last().waitFor();
  }

  /** The newest message that contains this text. */
  message(text: RegExp | string): Locator {
    return this.messages.locator(".entry").filter({ hasText: text }).last();
  }

  /** The whole text of the newest message that contains this text. */
  reads(text: RegExp | string): Promise<string> {
    return this.message(text).innerText();
  }

  /** Taps the newest button with this label in the messages or below them. */
  async taps(label: RegExp | string): Promise<void> {
    await this.chat.getByRole("button", { name: label }).last().click();
  }

  /** Taps a link of the page, such as the row of a chat or a tab. */
  async follows(label: RegExp | string): Promise<void> {
    await this.page.getByRole("link", { name: label }).first().click();
  }

  /** The input field. */
  get field(): Locator {
    return this.chat.getByRole("textbox");
  }

  async writes(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** Chooses from a menu beside the field, such as the commands. */
  async chooses(menu: string, item: RegExp | string): Promise<void> {
    await this.chat.getByRole("button", { name: menu }).click();
    await this.chat.getByRole("menu", { name: menu }).getByRole("menuitem", { name: item }).click();
  }

  /** From /broadcast to the running campaign, which gets this id; to everyone, or to those who read one language. */
  async broadcasts(text: string, id: number, language?: string): Promise<void> {
    await this.writes("/broadcast");
    await this.sees("Send me the post");
    await this.writes(text);
    await this.sees(`Campaign #${id}: who should receive it?`);
    if (language !== undefined) await this.taps(language);
    await this.taps("Continue");
    await this.sees(`Campaign #${id} · draft`);
    await this.taps("Send now");
    await this.taps(/^Yes, send to/);
  }

  /** Presses Tab until the element with this name has the focus. Throws if there is none. */
  async focuses(name: string, key: "Shift+Tab" | "Tab" = "Tab"): Promise<void> {
    for (let pressed = 0; pressed <= MOST_STOPS; pressed += 1) {
      if (pressed > 0) await this.page.keyboard.press(key);
      const focused = this.page.locator(":focus");
      if ((await focused.count()) > 0 && (await focused.ariaSnapshot()).includes(`"${name}"`)) return;
    }
    throw new Error(`the ${key} key does not lead to "${name}"`);
  }

  /** Presses a button in the panel "What Telegram sees". */
  async presses(label: RegExp | string): Promise<void> {
    await this.telegram.getByRole("button", { name: label }).click();
  }

  /** One of the numbers that Telegram counts, by its name. */
  async counts(name: string): Promise<number> {
    const tile = this.telegram.locator(".tile", { has: this.page.getByText(name, { exact: true }) });
    return Number((await tile.getByRole("definition").first().innerText()).replaceAll(",", ""));
  }

  /** Controls and images without a name, which screen readers cannot announce. */
  async nameless(): Promise<string[]> {
    const heard = await this.page.locator("body").ariaSnapshot();
    return heard.match(NAMELESS) ?? [];
  }

  async leaves(): Promise<void> {
    await this.#context.close();
  }
}
