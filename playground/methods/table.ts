import { MEDIA_KINDS } from "../content/files.ts";
import * as account from "./account.ts";
import type { Method } from "./call.ts";
import * as chats from "./chats.ts";
import * as copy from "./copy.ts";
import * as edit from "./edit.ts";
import { sendMedia, sendMediaGroup } from "./media.ts";
import * as location from "./location.ts";
import { sendContact } from "./contact.ts";
import { sendDice } from "./dice.ts";
import { getManagedBotToken, replaceManagedBotToken } from "./managed.ts";
import * as pin from "./pin.ts";
import { sendPoll, stopPoll } from "./poll.ts";
import { setMessageReaction } from "./reaction.ts";
import * as remove from "./remove.ts";
import { sendRichMessage } from "./rich.ts";
import { sendMessage } from "./send.ts";
import * as topics from "./topics.ts";

const yes: Method = () => true;
const METHODS: Record<string, Method> = {
  getMe: ({ bot }) => ({ ...bot.me, can_manage_bots: bot.managesBots }),
  getManagedBotToken,
  replaceManagedBotToken,
  getUpdates: account.getUpdates,
  getWebhookInfo: account.getWebhookInfo,
  setWebhook: account.setWebhook,
  deleteWebhook: account.deleteWebhook,
  logOut: yes,
  close: yes,
  answerCallbackQuery: account.answerCallbackQuery,
  setMyCommands: account.setMyCommands,
  getMyCommands: account.getMyCommands,
  deleteMyCommands: account.deleteMyCommands,
  setMyName: account.setProfile("name"),
  getMyName: account.getProfile("name", (call) => call.bot.me.first_name),
  setMyDescription: account.setProfile("description"),
  getMyDescription: account.getProfile("description", () => ""),
  setMyShortDescription: account.setProfile("short_description"),
  getMyShortDescription: account.getProfile("short_description", () => ""),
  setChatMenuButton: yes,
  getChatMenuButton: () => ({ type: "commands" }),
  setMyDefaultAdministratorRights: yes,

  sendMessage,
  sendMediaGroup,
  sendRichMessage,
  sendPoll,
  sendLocation: location.sendLocation,
  sendVenue: location.sendVenue,
  sendContact,
  sendDice,
  copyMessage: copy.copyMessage,
  copyMessages: copy.copyMessages,
  forwardMessage: copy.forwardMessage,
  forwardMessages: copy.forwardMessages,

  editMessageText: edit.editMessageText,
  editMessageCaption: edit.editMessageCaption,
  editMessageMedia: edit.editMessageMedia,
  editMessageReplyMarkup: edit.editMessageReplyMarkup,
  stopPoll,
  deleteMessage: remove.deleteMessage,
  deleteMessages: remove.deleteMessages,
  pinChatMessage: pin.pinChatMessage,
  unpinChatMessage: pin.unpinChatMessage,
  unpinAllChatMessages: pin.unpinAllChatMessages,
  setMessageReaction,

  getChat: chats.getChat,
  getChatMember: chats.getChatMember,
  getChatAdministrators: chats.getChatAdministrators,
  getChatMemberCount: chats.getChatMemberCount,
  leaveChat: chats.leaveChat,
  createForumTopic: topics.createForumTopic,
  closeForumTopic: topics.closeForumTopic,
  reopenForumTopic: topics.reopenForumTopic,
  editForumTopic: topics.editForumTopic,
  deleteForumTopic: topics.deleteForumTopic,
  sendChatAction: chats.sendChatAction,
  getFile: chats.getFile,
};

/** "sendVideoNote" for "video_note". */
const nameOf = (kind: string): string =>
  `send${kind
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("")}`;

const table = new Map<string, [name: string, method: Method]>();
for (const [name, method] of Object.entries(METHODS)) table.set(name.toLowerCase(), [name, method]);
for (const kind of MEDIA_KINDS) table.set(nameOf(kind).toLowerCase(), [nameOf(kind), sendMedia(kind)]);

/** Finds a method by name ("All methods are case-insensitive"), with its usual spelling. */
export function findMethod(name: string): [name: string, method: Method] | undefined {
  return table.get(name) ?? table.get(name.toLowerCase());
}
