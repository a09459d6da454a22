import { describe, expect, test } from "vitest";
import { ERRORS, tooManyRequests } from "../../playground/server/faults.ts";
import type { Telegram } from "../../playground/telegram.ts";
import {
  broadcasts,
  composes,
  cardOf,
  deliveryStates,
  recipientStatuses,
  until,
} from "../support/broadcast.ts";
import { numbersOn } from "../support/counts.ts";
import { running } from "../support/herald.ts";
import { FIRST, copiesAmongPeople, idOf, scene, shows, stragglers, toPeople } from "../support/scene.ts";
import { en, inOrder, inState } from "../support/words.ts";

const POST = "Something goes wrong on the way.";

const copies = (telegram: Telegram) => copiesAmongPeople(telegram, POST);

describe("a fault that would affect everyone pauses the campaign and marks nobody", () => {
  test("a post that Telegram refuses", async () => {
    const { telegram, owner, database, herald } = await scene(50);
    const fault = telegram.fault({ ...toPeople, times: Infinity }, { error: ERRORS.cantParse });
    await broadcasts(owner, POST);
    await shows(owner, inState("paused"));
    expect(cardOf(owner)?.text).toContain("can't parse entities");
    expect(owner.buttons(cardOf(owner))).toEqual([
      [en("button-resume"), en("button-edit"), en("button-cancel")],
      [en("button-show-post")],
    ]);
    fault.remove();
    await stragglers();
    await owner.taps(en("button-resume"), { on: idOf(owner) });
    await shows(owner, inState("finished"));
    expect(numbersOn(cardOf(owner)?.text ?? "")).toMatchObject({ sent: 50, failed: 0 });
    expect(copies(telegram).map(([, count]) => count)).toEqual(Array(50).fill(1));
    await herald.stop();
    expect(await recipientStatuses(database)).toEqual({ active: 51 });
  });

  test("a refused token pauses every campaign", async () => {
    const { telegram, owner, database, herald } = await scene(300);
    await broadcasts(owner, "The one before.");
    await broadcasts(owner, POST);
    await until(() => copies(telegram).length > 20);
    telegram.fault({ ...toPeople, times: 60 }, { error: ERRORS.unauthorized });
    await until(() => [1, 2].every((id) => inState("paused").test(cardOf(owner, id)?.text ?? "")));
    expect(cardOf(owner)?.text).toContain("BOT_TOKEN");
    await herald.stop();
    expect(await recipientStatuses(database)).toEqual({ active: 301 });
    const { sent = 0, pending = 0 } = await deliveryStates(database);
    expect(sent + pending).toBe(600);
  });

  test("`chat not found` for everyone from the start, and Resume tries those again", async () => {
    const { telegram, owner, database, herald } = await scene(100);
    const fault = telegram.fault({ ...toPeople, times: Infinity }, { error: ERRORS.chatNotFound });
    await broadcasts(owner, POST);
    await shows(owner, inState("paused"));
    expect(cardOf(owner)?.text).toContain("chat not found");
    fault.remove();
    await stragglers();
    await owner.taps(en("button-resume"), { on: idOf(owner) });
    await shows(owner, inState("finished"));
    expect(numbersOn(cardOf(owner)?.text ?? "")).toMatchObject({ sent: 100, failed: 0, left: 0 });
    await herald.stop();
    expect(await recipientStatuses(database)).toEqual({ active: 101 });
  });
});

describe("what may have arrived is not sent again automatically", () => {
  test("a connection cut after Telegram accepted the message leaves it uncertain", async () => {
    const { telegram, owner, database, herald } = await scene(60);
    telegram.fault({ ...toPeople, after: 10, times: 5 }, { cut: "after" });
    await broadcasts(owner, POST);
    await shows(owner, inState("finished"));
    expect(numbersOn(cardOf(owner)?.text ?? "")).toMatchObject({ sent: 55, uncertain: 5, left: 0 });
    expect(copies(telegram).map(([, count]) => count)).toEqual(Array(60).fill(1));
    expect(owner.buttons(cardOf(owner))).toEqual([
      [en("button-show-post"), en("button-failures")],
      [en("button-duplicate")],
      [en("button-retry-uncertain")],
      [en("button-people")],
      [en("button-edit-sent")],
    ]);

    await owner.taps(en("button-retry-uncertain"), { on: idOf(owner) });
    await owner.sees(en.like("ask-uncertain"));
    await owner.taps(en("button-yes-retry"), { on: idOf(owner, en.like("ask-uncertain")) });
    await shows(owner, inOrder(inState("finished"), en.line("card-sent", { count: 60 })));
    expect(copies(telegram).filter(([, count]) => count === 2).length).toBe(5);
    await herald.stop();
    expect(await deliveryStates(database)).toEqual({ sent: 60 });
  });

  test("a connection cut before Telegram accepted it also leaves it uncertain, and no list loses the recipient", async () => {
    const { telegram, owner } = await scene(40);
    telegram.fault({ ...toPeople, after: 10, times: 5 }, { cut: "before" });
    await broadcasts(owner, POST);
    await shows(owner, inState("finished"));
    expect(numbersOn(cardOf(owner)?.text ?? "")).toMatchObject({ sent: 35, uncertain: 5, left: 0 });
    expect(copies(telegram).length).toBe(35);
  });
});

test(
  "a network that swallows every call costs a handful of people, not the whole list",
  { timeout: 40_000 },
  async () => {
    const { telegram, owner } = await scene(300);
    const fault = telegram.fault({ ...toPeople, times: Infinity }, { cut: "before" });
    const silence = telegram.fault({ method: "getMyCommands", times: Infinity }, { cut: "before" });
    await broadcasts(owner, POST);
    await until(() => (numbersOn(cardOf(owner)?.text ?? "")?.uncertain ?? 0) > 0);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    fault.remove();
    silence.remove();
    await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 20_000);
    const numbers = numbersOn(cardOf(owner)?.text ?? "");
    expect(numbers).toMatchObject({ total: 300, failed: 0, left: 0 });
    // Ten in a row, and the batch that was claimed meanwhile.
    expect(numbers?.uncertain).toBeLessThanOrEqual(30);
    expect(copies(telegram).every(([, count]) => count === 1)).toBe(true);
  },
);

test("a campaign starts although its card cannot be shown, and the admin is not told that nothing happened", async () => {
  const { telegram, owner } = await scene(20);
  await composes(owner, POST);
  await owner.taps(en("button-send-now"));
  await owner.sees(en.like("confirm-ask"));
  telegram.fault({ method: "editMessageText", times: 2 }, { error: ERRORS.noWriteAccess });
  await owner.taps(en.opens("button-yes-send"));
  await until(() => copies(telegram).length === 20);
  expect(
    owner.holds.filter(({ text }) =>
      [en("error-internal"), en("dialog-broken")].some((words) => text?.includes(words)),
    ),
  ).toEqual([]);
});

describe("temporary faults are waited out", () => {
  test(
    "a Bot API server that restarts is tried again, and everyone has it once",
    { timeout: 30_000 },
    async () => {
      const { telegram, owner } = await scene(60);
      telegram.fault({ ...toPeople, after: 5, times: 4 }, { error: ERRORS.restarting });
      await broadcasts(owner, POST);
      await shows(owner, inState("finished"));
      expect(numbersOn(cardOf(owner)?.text ?? "")).toMatchObject({ sent: 60, failed: 0, uncertain: 0 });
      expect(copies(telegram).map(([, count]) => count)).toEqual(Array(60).fill(1));
    },
  );

  test(
    "after a 429 nothing leaves until its end, also over a restart, and nobody's delivery fails",
    { timeout: 40_000 },
    async () => {
      const { telegram, owner, database, herald } = await scene(100);
      telegram.fault({ ...toPeople, after: 20 }, { error: tooManyRequests(6) });
      await broadcasts(owner, POST);
      await until(() => herald.logged.some((line) => line.includes("asks to wait")));
      const asked = performance.now();
      await shows(owner, new RegExp(`${en.like("card-quiet").source}|${inState("running").source}`));
      await herald.stop();
      const before = copies(telegram).length;
      await running(telegram, { database, messagesPerSecond: 100 });
      await until(() => copies(telegram).length > before, 15_000);
      expect(performance.now() - asked).toBeGreaterThan(5_500);
      await shows(owner, inState("finished"));
      expect(numbersOn(cardOf(owner)?.text ?? "")).toMatchObject({ sent: 100, failed: 0, uncertain: 0 });
      expect(copies(telegram).map(([, count]) => count)).toEqual(Array(100).fill(1));
    },
  );

  test(
    "Telegram out of reach for a while: those in flight may be uncertain, all others get it",
    { timeout: 40_000 },
    async () => {
      const { telegram, owner } = await scene(150);
      await broadcasts(owner, POST);
      await until(() => copies(telegram).length > 40);
      await telegram.offline();
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await telegram.online();
      await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 30_000);
      const numbers = numbersOn(cardOf(owner)?.text ?? "");
      expect(numbers).toMatchObject({ total: 150, failed: 0, left: 0 });
      expect(numbers?.uncertain).toBeLessThanOrEqual(5);
      expect(copies(telegram).every(([, count]) => count === 1)).toBe(true);
      expect(copies(telegram).length).toBeGreaterThanOrEqual(numbers?.sent ?? 0);
    },
  );
});

describe("recipients", () => {
  test("a refusal for one person counts only for that person", async () => {
    const { telegram, owner, database, herald } = await scene(40);
    const refusals = [
      ERRORS.blocked,
      ERRORS.deactivated,
      ERRORS.neverStarted,
      ERRORS.voiceForbidden,
      ERRORS.unheardOf,
    ];
    for (const [index, error] of refusals.entries())
      telegram.fault({ method: "sendMessage", chat: FIRST + 10 + index }, { error });
    await broadcasts(owner, POST);
    await shows(owner, inState("finished"));
    expect(cardOf(owner)?.text).toContain(
      `${en("card-sent", { count: 35 })} · ${en("card-blocked", { count: 1 })} · ${en("card-failed", { count: 4 })}\n`,
    );
    for (const reason of ["blocked the bot", "account deleted", "does not accept this kind", "other"])
      expect(cardOf(owner)?.text).toContain(reason);

    await owner.taps(en("button-failures"), { on: idOf(owner) });
    const file = (await owner.sees(en("failures-caption", { id: 1, count: 5 }))).document;
    const csv = telegram.file(file?.file_id ?? "")?.toString() ?? "";
    expect(csv.split("\n")[0]).toBe("chat_id,state,reason,description,attempts,settled_at");
    expect(csv).toContain(`${FIRST + 10},failed,blocked,Forbidden: bot was blocked by the user,1,`);

    await owner.taps(en("button-retry"), { on: idOf(owner) });
    await shows(
      owner,
      inOrder(
        inState("finished"),
        en.line("card-sent", { count: 37 }),
        en.like("card-blocked", { count: 1 }),
        en.like("card-failed", { count: 2 }),
      ),
    );
    await herald.stop();
    expect(await recipientStatuses(database)).toEqual({
      active: 38,
      blocked: 1,
      deactivated: 1,
      unreachable: 1,
    });
  });

  test("people who block the bot or opt out after the start are left out", async () => {
    const { telegram, owner } = await scene(60, { rate: 10 });
    await broadcasts(owner, POST);
    await until(() => copies(telegram).length > 0); // the audience is frozen
    await telegram.person({ id: FIRST + 50 }).blocks();
    await telegram.person({ id: FIRST + 51 }).sends("/stop");
    await shows(owner, inState("finished"));
    expect(cardOf(owner)?.text).toContain(
      `${en("card-sent", { count: 58 })} · ${en("card-blocked", { count: 0 })} · ${en("card-failed", { count: 0 })} · ${en("card-skipped", { count: 2 })}\n`,
    );
    // Nobody else was missed, and the file says who they are.
    await owner.taps(en("button-failures"), { on: idOf(owner) });
    const file = (await owner.sees(en("failures-caption", { id: 1, count: 2 }))).document;
    const [, ...rows] = telegram
      .file(file?.file_id ?? "")
      .toString()
      .trim()
      .split("\n");
    expect(rows.map((row) => row.split(",").slice(0, 3))).toEqual([
      [String(FIRST + 50), "skipped", "blocked"],
      [String(FIRST + 51), "skipped", "opted-out"],
    ]);
  });
});

test("while it sends, the bot answers: at most half a second passes from Pause to the last message", async () => {
  const { telegram, owner } = await scene(400);
  await broadcasts(owner, POST);
  await until(() => copies(telegram).length > 50);
  const asked = performance.now();
  await owner.sends("/campaigns");
  await owner.sees(en("campaigns-title", { tab: en("tab-running") }));
  expect(performance.now() - asked).toBeLessThan(1_000);

  const tapped = performance.now();
  await owner.taps(en("button-pause"), { on: idOf(owner) });
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  const last = telegram.calls.findLast(
    ({ method, chatId }) => method === "sendMessage" && (chatId ?? 0) >= FIRST,
  );
  expect((last?.at ?? 0) - tapped).toBeLessThan(500);
  const paused = copies(telegram).length;
  await shows(
    owner,
    inOrder(
      inState("paused"),
      en.line("card-sent", { count: paused }),
      en.closes("card-left", { count: 400 - paused }),
    ),
  );

  await owner.sends("/resume 1");
  await shows(owner, inState("finished"));
  expect(copies(telegram).map(([, count]) => count)).toEqual(Array(400).fill(1));
});

test("a stop lets calls in flight end, and the next start continues by itself", async () => {
  const { telegram, owner, database, herald } = await scene(200);
  telegram.latency = 100;
  await broadcasts(owner, POST);
  await until(() => copies(telegram).length > 50);
  await herald.stop();
  const { sent = 0, pending = 0, sending = 0, uncertain = 0 } = await deliveryStates(database);
  expect([sent + pending, sending, uncertain]).toEqual([200, 0, 0]);
  expect(copies(telegram).length).toBe(sent);
  await running(telegram, { database, messagesPerSecond: 100 });
  await shows(owner, inState("finished"));
  expect(copies(telegram).map(([, count]) => count)).toEqual(Array(200).fill(1));
});
