import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, test } from "vitest";
import { findChromium, launchChromium, NO_CHROMIUM } from "../../../playground/browser/chromium.ts";
import { Visitor, type VisitorOptions } from "../../../playground/browser/visitor.ts";
import { type Demo, startDemo } from "../../../playground/demo/demo.ts";
import { makeProfiles } from "../../../playground/demo/profiles.ts";
import { copiesOf, numbersOn } from "../../support/counts.ts";

const isThere = findChromium() !== undefined;
if (!isThere) process.stderr.write(`The demo is not tested in a browser: ${NO_CHROMIUM}.\n`);

const MANY = 500;
const FEW = 20;
/** Those of the many who read English: time enough, at 28 a second, to do something in the middle. */
const ENGLISH = makeProfiles(MANY).filter(({ languageCode }) => languageCode === "en").length;

/** Of a telephone, in CSS pixels. */
const PHONE = { width: 390, height: 844 };

/** What Telegram counts is told twice a second; a machine that is busy with other tests is slower. */
const PATIENTLY = { timeout: 30_000 };

/** Two demos and a browser start at once, on a machine that is busy with other tests. */
const LOADED = 180_000;

let browser: Browser;

/** A demo for all tests of a block, and how to come to its page. */
function demoFor(people: number) {
  let demo: Demo;
  let visitor: Visitor | undefined;
  beforeAll(async () => {
    demo = await startDemo({ port: 0, people });
  }, LOADED);
  afterAll(() => demo?.stop());
  afterEach(async ({ task }) => {
    const seen = visitor?.page.locator("body");
    if (task.result?.state === "fail" && seen)
      process.stderr.write(`"${task.name}" saw this:\n${await seen.innerText()}\n`);
    await visitor?.leaves();
    visitor = undefined;
  });
  return {
    visit: async (options?: VisitorOptions) =>
      (visitor = await Visitor.opens(browser, demo.address, options)),
    /** The bytes of the photos with this caption that people have. */
    pictures: (caption: string) =>
      makeProfiles(people)
        .flatMap(({ id }) => demo.telegram.received(id))
        .filter((message) => message.caption === caption)
        .map(({ photo = [] }) => demo.telegram.file(photo.at(-1)?.file_id ?? "")),
    /** How many of the people (not the owner) have so many copies of a text. */
    holding: (text: string, copies: number) =>
      [...copiesOf(demo.telegram, text)].filter(([chat, count]) => chat !== demo.owner.id && count === copies)
        .length,
  };
}

/** The numbers on a card when all have got it: the owner is on the list as well. */
function everybody(people: number) {
  return { sent: people + 1, total: people + 1 };
}

// Two demos side by side: most of the time they wait, for Telegram's limits and for clocks.
describe.skipIf(!isThere)("the demo in a browser", { concurrent: true, timeout: 240_000 }, () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  describe("by mouse", () => {
    const { visit, holding } = demoFor(MANY);

    test.sequential("from the empty page to a broadcast that 500 people have exactly once", async ({
      expect,
    }) => {
      const visitor = await visit();
      const steps = visitor.chat.getByRole("list", { name: "First steps" });
      const step = steps.locator("[aria-current=step]");
      await visitor.taps("Start");
      await visitor.sees("Hello, Olivia!");
      expect(await steps.getByRole("listitem").count()).toBe(3);
      expect(await step.innerText()).toMatch(/^2\s+Send \/broadcast/);
      await visitor.chooses("Commands", /^\/broadcast/);
      await visitor.sees("Send me the post");
      expect(await visitor.nameless()).toEqual([]);
      await visitor.field.fill("The autumn menu is here.");
      await visitor.chooses("Attach", /^Photo\b/);
      await visitor.sees("Campaign #1: who should receive it?");
      await visitor.taps("Continue");
      await visitor.sees("Campaign #1 · draft");
      await visitor.taps("Send now");
      await visitor.taps("Yes, send to 501");
      await step.filter({ hasText: "Watch it go out" }).waitFor();
      await visitor.sees("Campaign #1 · finished");
      await steps.waitFor({ state: "detached" });
      expect(numbersOn(await visitor.reads("Campaign #1 · finished"))).toMatchObject(everybody(MANY));
      await expect.poll(() => visitor.counts("Delivered"), PATIENTLY).toBe(MANY + 1);
      expect(await visitor.counts("Duplicates")).toBe(0);

      const { firstName, lastName } = makeProfiles(MANY)[249] ?? { firstName: "" };
      const name = [firstName, lastName].join(" ").trim();
      await visitor.page.getByRole("searchbox").fill(name);
      await visitor.follows(name);
      await visitor.chat.getByText(`You are ${name} now`).waitFor();
      await visitor.sees("The autumn menu is here.");
      expect(await visitor.messages.getByText("The autumn menu is here.").count()).toBe(1);
      expect(await visitor.nameless()).toEqual([]);
      expect(visitor.faults).toEqual([]);
    });

    test.sequential("paused, everything stands still until it is resumed", async ({ expect }) => {
      const visitor = await visit();
      await visitor.presses("Reset");
      await visitor.broadcasts("Pause me.", 2, "English");
      await expect.poll(() => visitor.counts("Delivered"), PATIENTLY).toBeGreaterThan(9);
      await visitor.taps("Pause");
      await visitor.sees("Campaign #2 · paused");
      // What was on its way still arrives, and is counted a moment later. Unpaused it would go on until all have it.
      let sent = 0;
      const standsStill = async () => {
        sent = await visitor.counts("Delivered");
        await visitor.page.waitForTimeout(1_500);
        return (await visitor.counts("Delivered")) === sent;
      };
      await expect.poll(standsStill, PATIENTLY).toBe(true);
      expect(sent).toBeLessThan(ENGLISH);
      await visitor.taps("Resume");
      await visitor.sees("Campaign #2 · finished");
      expect(numbersOn(await visitor.reads("Campaign #2 · finished"))).toMatchObject(everybody(ENGLISH));
      expect(holding("Pause me.", 1)).toBe(ENGLISH);
      expect(visitor.faults).toEqual([]);
    });

    test.sequential("killed in the middle, it sends to nobody twice and names who may have missed it", async ({
      expect,
    }) => {
      const visitor = await visit();
      await visitor.presses("Reset");
      await visitor.broadcasts("Kill me.", 3, "English");
      await expect.poll(() => visitor.counts("Delivered"), PATIENTLY).toBeGreaterThan(9);
      await visitor.presses("Kill and restart");
      await visitor.telegram.getByText("killed once").waitFor();
      await visitor.sees("Campaign #3 · finished");
      const numbers = numbersOn(await visitor.reads("Campaign #3 · finished"));
      expect(numbers).toMatchObject({ total: ENGLISH + 1, blocked: 0, failed: 0, skipped: 0, left: 0 });
      expect(await visitor.counts("Duplicates")).toBe(0);
      expect(holding("Kill me.", 2)).toBe(0);
      const missing = ENGLISH - holding("Kill me.", 1);
      expect(missing).toBeLessThanOrEqual(numbers?.uncertain ?? 0);
      expect(visitor.faults).toEqual([]);
    });
  });

  describe("otherwise", () => {
    const { visit, holding, pictures } = demoFor(FEW);

    test.sequential("the keyboard alone is enough", async ({ expect }) => {
      const visitor = await visit();
      const { keyboard } = visitor.page;
      await visitor.focuses("Skip to the message field");
      await keyboard.press("Enter");
      await visitor.focuses("Start");
      await keyboard.press("Enter");
      await visitor.sees("Hello, Olivia!");
      await visitor.focuses("Message");
      await keyboard.type("/broadcast");
      await keyboard.press("Enter");
      await visitor.sees("Send me the post");
      await keyboard.type("Without a mouse.");
      await keyboard.press("Enter");
      await visitor.sees("Campaign #1: who should receive it?");
      await visitor.focuses("Continue", "Shift+Tab");
      await keyboard.press("Enter");
      await visitor.sees("Campaign #1 · draft");
      expect(visitor.faults).toEqual([]);
    });

    test.sequential("on a telephone a post goes out at its minute, and tabs lead to all parts", async ({
      expect,
    }) => {
      const visitor = await visit(PHONE);
      await visitor.writes("/schedule");
      await visitor.sees("Send me the post");
      await visitor.writes("Good morning!");
      await visitor.sees("Campaign #2: who should receive it?");
      await visitor.taps("Continue");
      await visitor.sees("What is your time zone?");
      await visitor.taps("Moscow");
      await visitor.sees("When should campaign #2 go out?");
      await visitor.writes("in 1 minute");
      await visitor.taps(/^Schedule for/);
      await visitor.taps(/^Yes, schedule for/);
      await visitor.sees("Campaign #2 · scheduled");
      expect(holding("Good morning!", 1)).toBe(0);

      await visitor.broadcasts("On the way.", 3);
      await visitor.sees("Campaign #3 · finished");
      expect(await visitor.telegram.isVisible()).toBe(false);
      await visitor.follows("Telegram");
      await expect.poll(() => visitor.counts("Delivered"), PATIENTLY).toBe(FEW + 1);
      expect(await visitor.chat.isVisible()).toBe(false);
      expect(await visitor.nameless()).toEqual([]);
      await visitor.follows("Chats");
      expect(await visitor.nameless()).toEqual([]);
      await visitor.follows("Northwind News");
      await visitor.chat.getByText("You run this channel.").waitFor();
      // Nothing is wider than the telephone.
      expect(await visitor.page.evaluate("document.documentElement.scrollWidth")).toBe(PHONE.width);

      await visitor.follows("Back to yourself");
      await visitor.sees("Campaign #2 · finished");
      expect(holding("Good morning!", 1)).toBe(FEW);
      expect(visitor.faults).toEqual([]);
    });

    test.sequential("a Russian admin is led in Russian by the page and the bot alike", async ({ expect }) => {
      const visitor = await visit({ locale: "ru-RU" });
      const { page, chat } = visitor;
      await page.getByText("Что видит Telegram", { exact: true }).waitFor();
      await page.getByText("Попробуйте сломать").waitFor();
      await chat.getByRole("button", { name: "Действия: Olivia North" }).click();
      await chat.getByRole("menuitemradio", { name: "русский" }).click();
      await visitor.writes("/broadcast");
      await visitor.sees("Пришлите пост");
      await visitor.writes("/cancel");
      expect(await visitor.nameless()).toEqual([]);
      await page.getByRole("button", { name: "In English" }).click();
      await chat.getByText("You are Olivia North · owner · English").waitFor();
      expect(visitor.faults).toEqual([]);
    });

    test.sequential("whom /admins adds is marked in the list of people, until they are removed", async ({
      expect,
    }) => {
      const visitor = await visit();
      const { id = 0, firstName, lastName } = makeProfiles(FEW).at(-1) ?? {};
      const name = [firstName, lastName].join(" ").trim();
      const mark = visitor.page.getByRole("link", { name }).getByText("admin", { exact: true });
      expect(await mark.count()).toBe(0);
      await visitor.writes("/admins");
      await visitor.taps("Add an admin");
      await visitor.writes(String(id));
      await visitor.sees(`${name} is an admin now.`);
      await mark.waitFor();
      await visitor.writes("/admins");
      await visitor.taps(/^Remove /);
      await mark.waitFor({ state: "detached" });
      expect(visitor.faults).toEqual([]);
    });

    test.sequential("a photo of one's own goes out to everybody", async ({ expect }) => {
      const visitor = await visit();
      const photo = await visitor.page.screenshot({ type: "jpeg" });
      await visitor.writes("/broadcast");
      await visitor.sees("Send me the post");
      await visitor.field.fill("Our own picture.");
      const chooser = visitor.page.waitForEvent("filechooser");
      await visitor.chooses("Attach", "Your photo or video…");
      await (await chooser).setFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer: photo });
      await visitor.sees("Campaign #4: who should receive it?");
      await visitor.taps("Continue");
      await visitor.sees("Campaign #4 · draft");
      await visitor.taps("Send now");
      await visitor.taps(/^Yes, send to/);
      await visitor.sees("Campaign #4 · finished");
      expect(pictures("Our own picture.")).toEqual(Array.from({ length: FEW }, () => photo));
      expect(visitor.faults).toEqual([]);
    });
  });
});
