import { parseArgs } from "node:util";
import { whole } from "./options.ts";
import { startTelegram, type Telegram, type TelegramOptions } from "./telegram.ts";
import { LAST_PORT } from "./wire/port.ts";

const HELP = `A local Telegram: a Bot API server, and people who use the bot.

  npx tsx playground/main.ts [options]

  --port 8081       where to listen
  --people 500      how many people have started the bot (ids from 100000)
  --owner 1         the id of the person who owns the bot
  --latency 0       how long each API call takes, in ms
  --no-limits       no 429s
  --no-emoji        the bot may not use custom emoji
  --help            this text
`;

const TOKEN = "1000001:PLAYGROUND";

const MOST_PEOPLE = 1_000_000;
const MOST_LATENCY_MS = 60_000;

/** Commands to paste into a shell: how to run a bot against the playground, and how to act as its people. */
function welcome(telegram: Telegram, owner: number, people: number): string {
  const root = telegram.apiRoot;
  const post = (path: string, body: object) =>
    `  curl -s ${root}/playground/${path} -d '${JSON.stringify(body)}'`;
  const them =
    people === 1
      ? "One person, with the id 100000, has started the bot"
      : `${people} people, with the ids 100000–${100_000 + people - 1}, have started the bot`;
  const known =
    people > 0 ? `${them}. It may write to them, but hears of nobody who does not write.\n\n` : "";
  return `Open ${root} in a browser.

${known}For the bot:
  export TELEGRAM_API_ROOT=${root} BOT_TOKEN=${TOKEN} OWNER_IDS=${owner}

Be a person:
${post("sends", { from: owner, text: "/start" })}
${post("album", { from: owner, parts: [{ photo: true, caption: "Hi" }, { video: true }] })}
${post("taps", { from: owner, label: "Send now" })}
  curl -s ${root}/playground/chats/${owner}/text
${post("blocks", { from: 100_000 })}

Own a channel, and pick it when the bot asks for one (the answer to the first names its id):
${post("group", { from: owner, type: "channel", title: "News" })}
${post("shares", { from: owner, requestId: 1, chat: -1_001_000_000_001 })}

Make trouble:
${post("fault", { match: { method: "sendMessage", times: 3 }, effect: { cut: "after" } })}
${post("latency", { ms: 60 })}

What happened:
  curl -s '${root}/playground/stats?text=hello'

Ctrl+C stops it.
`;
}

interface Options {
  telegram: TelegramOptions;
  owner: number;
  people: number;
}

/** Parses the command line; undefined if only help is wanted. Throws an error for unknown options. */
function read(args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "8081" },
      people: { type: "string", default: "500" },
      owner: { type: "string", default: "1" },
      latency: { type: "string", default: "0" },
      "no-limits": { type: "boolean", default: false },
      "no-emoji": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    telegram: {
      port: whole("port", values.port, LAST_PORT),
      latency: whole("latency", values.latency, MOST_LATENCY_MS),
      ...(values["no-limits"] && { limits: "none" as const }),
      customEmoji: !values["no-emoji"],
    },
    owner: whole("owner", values.owner, Number.MAX_SAFE_INTEGER),
    people: whole("people", values.people, MOST_PEOPLE),
  };
}

async function start({ telegram: options, owner, people }: Options): Promise<void> {
  const telegram = await startTelegram(options);
  telegram.bot(TOKEN, { username: "playground_bot", name: "Playground" }).managesBots = true;
  telegram.person({ id: owner, firstName: "Owner", languageCode: "en", started: true });
  telegram.people(people, { languageCode: (index) => ["en", "ru", "de"][index % 3] });
  try {
    await telegram.opensPage({ owner });
  } catch (error) {
    await telegram.stop();
    throw error;
  }
  process.stdout.write(welcome(telegram, owner, people));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      telegram.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

function fail(error: unknown, help = ""): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${help}`);
  process.exitCode = 1;
}

try {
  const options = read(process.argv.slice(2));
  if (options === undefined) process.stdout.write(HELP);
  else await start(options).catch(fail);
} catch (error) {
  fail(error, `\n${HELP}`);
}
