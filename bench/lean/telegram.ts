import { startTelegram } from "../../playground/telegram.ts";
import { OWNER_ID, TOKEN } from "../contender.ts";

/*
 * The local Telegram in a process of its own, with an owner who broadcasts by taps. The parent asks one question at a time.
 */

export interface TelegramTask {
  /** The chats 1 to `people`. */
  people: number;
  latencyMs: number;
}

const { people, latencyMs } = JSON.parse(process.argv[2] ?? "") as TelegramTask;
const telegram = await startTelegram({ limits: "none", latency: latencyMs });
telegram.bot(TOKEN);
telegram.people(people, { firstId: 1 });
const owner = telegram.person({ id: OWNER_ID, firstName: "Olga", languageCode: "en", started: true });

const answers = {
  forget: () => telegram.clearRecords(),
  /** Something waits for the bot. So its first poll is answered at once, and is in the records. */
  async writes() {
    await owner.sends("/start");
  },
  /** When the first poll arrived since then, both in ms since 1970; null before its answer. */
  polledAt(since: number) {
    const polls = telegram.calls.filter(({ method }) => method === "getUpdates");
    return polls.map(({ at }) => performance.timeOrigin + at).find((at) => at > since) ?? null;
  },
  /** Of the post: how many have arrived, and how many a second, from the first to the last. */
  posts() {
    const times = telegram.calls.flatMap(({ ok, method, chatId, at }) =>
      ok && method.startsWith("send") && chatId !== undefined && chatId !== OWNER_ID ? [at] : [],
    );
    const [first = 0, last = 0] = [times.at(0), times.at(-1)];
    return { count: times.length, perSecond: ((times.length - 1) / (last - first)) * 1000 };
  },
  /** The owner is not one of the people. */
  async leaves() {
    await owner.sends("/stop");
    await owner.sees("no more messages");
  },
  /** From /broadcast to the campaign's start. */
  async broadcasts() {
    await owner.sends("/broadcast");
    await owner.sees("Send me the post");
    await owner.sends("A post of the usual length, with a line or two of text.");
    await owner.sees("who should receive it?");
    await owner.taps("Continue");
    await owner.sees("· draft");
    await owner.taps("Send now");
    await owner.taps(/^Yes, send to/);
  },
  /** Whether the card of the campaign says so. */
  isFinished: (id: number) =>
    owner.holds.some(({ text }) => text?.startsWith(`Campaign #${id} · finished`) ?? false),
  /** Empties the chats, so that this process does not grow. */
  empty: () => telegram.clearRecords({ messages: true }),
};

export type Answers = typeof answers;
export type Question = { [K in keyof Answers]: { name: K; args: Parameters<Answers[K]> } }[keyof Answers];

async function answer(question: Question): Promise<unknown> {
  switch (question.name) {
    case "polledAt":
      return answers.polledAt(...question.args);
    case "isFinished":
      return answers.isFinished(...question.args);
    default:
      return answers[question.name]();
  }
}

process.on("message", (question: Question) => {
  answer(question).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});
// The parent has exited.
process.on("disconnect", () => process.exit(0));
process.send?.({ result: telegram.apiRoot });
