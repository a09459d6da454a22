import type { Api } from "grammy";
import { GrammyError } from "grammy";
import { chosenLanguageOf } from "../../audience/recipients.ts";
import { listAdmins } from "../../access/admins.ts";
import type { CrowdDeps } from "./bot-context.ts";
import { LOCALES, localeFor } from "./words.ts";

/** For everyone, also in the chat of a sender. */
export const PEOPLE_COMMANDS = ["start", "stop", "language", "settings", "forget", "help"];
const FOR_ADMINS = [
  "broadcast",
  "schedule",
  "campaigns",
  "lists",
  "segments",
  "links",
  "calendar",
  "campaign",
  "pause",
  "resume",
  "cancel",
  "timezone",
  "stats",
  "status",
];
const FOR_OWNERS = ["admins", "bots"];
/** For owners too, when the HTTP API is on. */
const FOR_PROGRAMS = ["keys", "webhooks"];
/** Commands that do what buttons do. They work, but the menu does not list them. */
const UNLISTED = [
  "listof",
  "person",
  "welcome",
  "inbox",
  "newcomers",
  "edit",
  "reschedule",
  "retry",
  "failures",
  "results",
  "codes",
  "duplicate",
  "rest",
  "post",
];

/** Every command. In a dialog, these are never taken for the post. */
export const COMMANDS = [...PEOPLE_COMMANDS, ...FOR_ADMINS, ...FOR_OWNERS, ...FOR_PROGRAMS, ...UNLISTED];

/** Sets the short menu for everyone. */
export async function showPeopleCommands(deps: CrowdDeps, api: Api): Promise<void> {
  for (const locale of LOCALES)
    await api.setMyCommands(describe(deps, PEOPLE_COMMANDS, locale, OF_PEOPLE), {
      scope: { type: "all_private_chats" },
      ...languageCode(locale),
    });
}

/** Sets the command menus: a short one for everyone, a longer one in each admin's chat. */
export async function showAllCommands(deps: CrowdDeps, api: Api): Promise<void> {
  await showPeopleCommands(deps, api);
  for (const ownerId of deps.ownerIds) await showCommands(deps, api, ownerId, true);
  for (const { userId } of await listAdmins(deps.scope)) await showCommands(deps, api, userId, false);
}

/**
 * Sets an admin's menu, in the language that they chose or else in that of their Telegram. Admins who have never written to
 * the bot have no chat yet; their menu is set at /start. Never rejects, because a menu is only a convenience.
 */
export async function showCommands(
  deps: CrowdDeps,
  api: Api,
  userId: number,
  isOwner: boolean,
): Promise<void> {
  const forOwners = [...FOR_OWNERS, ...(deps.apiOn ? FOR_PROGRAMS : [])];
  const names = [...FOR_ADMINS, ...(isOwner ? forOwners : []), ...PEOPLE_COMMANDS];
  try {
    const chosen = await chosenLanguageOf(deps.own, userId);
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

/** Gives a former admin the menu that everyone has. */
export async function hideCommands(api: Api, userId: number): Promise<void> {
  await ifChatExists(async () => {
    for (const locale of LOCALES)
      await api.deleteMyCommands({ scope: { type: "chat", chat_id: userId }, ...languageCode(locale) });
  });
}

/** /settings are for people their own, and for admins those of new campaigns. */
const OF_PEOPLE: Readonly<Record<string, string>> = { settings: "command-subscription" };

function describe(
  { translator }: CrowdDeps,
  names: string[],
  locale: (typeof LOCALES)[number],
  keys: Readonly<Record<string, string>> = {},
) {
  const t = translator(locale);
  return names.map((command) => ({ command, description: t(keys[command] ?? `command-${command}`) }));
}

/** The English menu also serves every language that Herald does not speak. */
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
