import { startTelegram } from "../playground/telegram.ts";
import { OWNER_ID, TOKEN, until } from "./contender.ts";

/*
 * The local Telegram without limits, in a separate process, and the parent's questions to it. Only what it saw is
 * measured; no contender is asked how fast it was.
 */

export interface TelegramTask {
  people: number;
  latencyMs: number;
}

/** The chats of the broadcast; the owner's is not one of them. */
const isPerson = (chatId: number | undefined) => chatId !== undefined && chatId !== OWNER_ID;

const { people, latencyMs } = JSON.parse(process.argv[2] ?? "") as TelegramTask;
const telegram = await startTelegram({ limits: "none", latency: latencyMs });
telegram.bot(TOKEN);
telegram.people(people, { firstId: 1 });

/** When each message of the broadcast was accepted, oldest first; ms since 1970, because several processes compare them. */
function times(): { chatId: number; at: number }[] {
  return telegram.calls.flatMap(({ ok, method, chatId, at }) =>
    ok && method.startsWith("send") && chatId !== undefined && isPerson(chatId)
      ? [{ chatId, at: performance.timeOrigin + at }]
      : [],
  );
}

const answers = {
  sentSoFar: () => times().length,
  sending: () => describe(times().map(({ at }) => at)),
  /** Of all people: how many extra copies each got, and who got none. */
  copies() {
    const counts = telegram.counts(() => true);
    counts.delete(OWNER_ID);
    const missing = Array.from({ length: people }, (_, index) => index + 1).filter((id) => !counts.has(id));
    return { surplus: [...counts.values()].reduce((sum, count) => sum + count - 1, 0), missing };
  },
  /** Chat → when its first message was accepted. */
  firsts() {
    const first = new Map<number, number>();
    for (const { chatId, at } of times()) if (!first.has(chatId)) first.set(chatId, at);
    return [...first];
  },
  pauses,
};

export type Answers = typeof answers;

export interface Sending {
  count: number;
  firstAt: number;
  lastAt: number;
  perSecond: number;
  /** Messages in the emptiest and the fullest second, counted from the first message; the incomplete last second is left out. */
  slowest: number;
  fastest: number;
  mostAtOnce: number;
}

function describe(all: number[]): Sending {
  const [firstAt = 0, lastAt = 0] = [all.at(0), all.at(-1)];
  const seconds = new Map<number, number>();
  for (const at of all) {
    const second = Math.floor((at - firstAt) / 1000);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
  }
  const whole = Math.floor((lastAt - firstAt) / 1000);
  const counts = Array.from({ length: whole }, (_, second) => seconds.get(second) ?? 0);
  return {
    count: all.length,
    firstAt,
    lastAt,
    perSecond: ((all.length - 1) / (lastAt - firstAt)) * 1000,
    slowest: Math.min(...counts),
    fastest: Math.max(...counts),
    mostAtOnce: telegram.mostAtOnce,
  };
}

/**
 * The owner broadcasts to everyone, and repeatedly taps Pause and Resume on the card. Returns for each tap on Pause how
 * many ms later the last message arrived; 0 if none did.
 */
async function pauses(taps: number): Promise<number[]> {
  const owner = telegram.person({ id: OWNER_ID, firstName: "Olga", languageCode: "en", started: true });
  await owner.sends("/broadcast");
  await owner.sees("Send me the post");
  await owner.sends("A post that is paused now and then.");
  await owner.sees("who should receive it?");
  await owner.taps("Continue");
  await owner.sees("· draft");
  await owner.taps("Send now");
  await owner.taps(/^Yes, send to/);
  const found: number[] = [];
  for (let tap = 0; tap < taps; tap += 1) {
    await owner.sees("· sending", { within: 10_000 });
    telegram.clearRecords();
    await flowing();
    // Do not coincide with anything that ticks.
    await sleep(300 + Math.random() * 500);
    const tapped = performance.now();
    await owner.taps("Pause");
    await owner.sees("· paused");
    await still();
    found.push(Math.max(0, (lastMessage() ?? 0) - tapped));
    await owner.taps("Resume");
  }
  return found;
}

const STILL_MS = 400;

/** Resolves when no message has arrived for a while. */
async function still(): Promise<void> {
  await until(() => performance.now() - (lastMessage() ?? 0) > STILL_MS, 50);
}

async function flowing(): Promise<void> {
  await until(() => performance.now() - (lastMessage() ?? 0) < 20, 10);
}

/** When the last message of the broadcast was accepted, by this process's clock. */
function lastMessage(): number | undefined {
  return telegram.calls.findLast(({ method, chatId }) => method.startsWith("send") && isPerson(chatId))?.at;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

type Question = { [K in keyof Answers]: { name: K; args: Parameters<Answers[K]> } }[keyof Answers];

async function answer(question: Question): Promise<unknown> {
  return question.name === "pauses" ? answers.pauses(...question.args) : answers[question.name]();
}

process.on("message", (question: Question) => {
  answer(question).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});
// The parent has exited.
process.on("disconnect", () => process.exit(0));
process.send?.({ apiRoot: telegram.apiRoot });
