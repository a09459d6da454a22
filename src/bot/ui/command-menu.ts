import type { Api } from "grammy";
import { GrammyError } from "grammy";
import { chosenLanguageOf } from "../../audience/recipients.ts";
import { listAdmins } from "../../access/admins.ts";
import type { BotDeps } from "./bot-context.ts";
import { LOCALES, localeFor } from "./words.ts";

const FOR_PEOPLE = ["start", "stop", "language", "help"];
const FOR_ADMINS = [
  "broadcast",
  "schedule",
  "campaigns",
  "calendar",
  "campaign",
  "pause",
  "resume",
  "cancel",
  "timezone",
  "stats",
  "status",
  "settings",
];
const FOR_OWNERS = ["admins"];
/** Typed equivalents of buttons; they work, but the menu does not list them. */
const UNLISTED = ["edit", "reschedule", "retry", "failures", "results", "duplicate", "post"];

/** Every command there is: in a dialog these are never taken for the post. */
export const COMMANDS = [...FOR_PEOPLE, ...FOR_ADMINS, ...FOR_OWNERS, ...UNLISTED];

/** Sets the command menus: a short one for everybody, a longer one in the chat of each admin. */
export async function showAllCommands(deps: BotDeps, api: Api): Promise<void> {
  for (const locale of LOCALES)
    await api.setMyCommands(describe(deps, FOR_PEOPLE, locale), {
      scope: { type: "all_private_chats" },
      ...languageCode(locale),
    });
  for (const ownerId of deps.ownerIds) await showCommands(deps, api, ownerId, true);
  for (const { userId } of await listAdmins(deps.scope)) await showCommands(deps, api, userId, false);
}

/**
 * Sets an admin's menu: in the language that they chose, else in that of their Telegram. One who never wrote to the bot has
 * no chat yet; theirs is set at /start. Never rejects: a menu is a convenience.
 */
export async function showCommands(deps: BotDeps, api: Api, userId: number, isOwner: boolean): Promise<void> {
  const names = [...FOR_ADMINS, ...(isOwner ? FOR_OWNERS : []), ...FOR_PEOPLE];
  try {
    const chosen = await chosenLanguageOf(deps.scope, userId);
    await ifChatExists(async () => {
      for (const locale of LOCALES)
        await api.setMyCommands(describe(deps, names, chosen === null ? locale : localeFor(chosen)), {
          scope: { type: "chat", chat_id: userId },
          ...languageCode(locale),
        });
    });
  } catch (error) {
    deps.log.warn({ err: error, admin: userId }, "the command menu of an admin is not set");
  }
}

/** Gives a former admin the menu that everybody has. */
export async function hideCommands(api: Api, userId: number): Promise<void> {
  await ifChatExists(async () => {
    for (const locale of LOCALES)
      await api.deleteMyCommands({ scope: { type: "chat", chat_id: userId }, ...languageCode(locale) });
  });
}

function describe({ translator }: BotDeps, names: string[], locale: (typeof LOCALES)[number]) {
  const t = translator(locale);
  return names.map((command) => ({ command, description: t(`command-${command}`) }));
}

/** English is the menu for every language that has none of its own. */
function languageCode(locale: (typeof LOCALES)[number]): { language_code?: "ru" } {
  return locale === "en" ? {} : { language_code: locale };
}

async function ifChatExists(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
  }
}
