import { Api, InputFile } from "grammy";
import type { Message } from "grammy/types";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import type { Viewer } from "../../src/campaign/show-post.ts";
import { capture } from "../../src/content/capture.ts";
import type { Content } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/scope.ts";
import type { FleetSender } from "../../src/fleet/fleet-sender.ts";
import { createLog } from "../../src/log.ts";
import { createPreviewBots } from "../../src/preview-bots.ts";
import { TOKEN, atEnd, localTelegram } from "./herald.ts";
import { ADMIN, ADMIN_ID } from "./seed.ts";

/** Two bots beside the home, by id. */
export const SHOP = 1_000_002;
export const NEWS = 1_000_003;
export const tokenOf = (botId: number) => `${botId}:SENDER-token`;

/** The two as the fleet knows them. */
export const SENDERS: readonly (FleetSender & { username: string })[] = [
  [SHOP, "shop_bot"] as const,
  [NEWS, "news_bot"] as const,
].map(([botId, username]) => ({
  botId,
  username,
  name: username,
  token: tokenOf(botId),
  handling: "beside",
  rate: null,
}));

/** The admin who composes, in their chats with all bots. */
export const VIEWER: Viewer = {
  chatId: ADMIN_ID,
  label: (language) => `— ${language} —`,
  leaveLabel: () => "Fewer such messages…",
  firstName: "Ada",
  lastName: null,
  username: null,
};

/** A local Telegram with an admin, the home and two more bots. */
export async function carryingScene(scope: Scope) {
  const telegram = await localTelegram({ limits: "none" });
  telegram.person({ id: ADMIN_ID, firstName: "Ada", languageCode: "en", started: true });
  for (const { botId, username } of SENDERS) telegram.bot(tokenOf(botId), { username });
  const apiOf = (token: string) => new Api(token, { apiRoot: telegram.apiRoot });
  const home = apiOf(TOKEN);
  const stopping = new AbortController();
  const bots = createPreviewBots({
    home,
    proxy: null,
    log: createLog("silent"),
    stop: stopping.signal,
    apiOf,
    listSenders: async () => SENDERS,
  });
  atEnd(async () => stopping.abort());
  return {
    telegram,
    home,
    by: { home, bots },
    /** The scope of one of the bots. */
    of: (botId: number): Scope => ({ ...scope, botId }),
    uploads: () => telegram.calls.reduce((sum, { uploads = 0, ok }) => sum + (ok ? uploads : 0), 0),
    fetches: () => telegram.calls.filter(({ method, ok }) => method === "getFile" && ok).length,
  };
}

let drafts = 0;

/** A draft as if the admin had sent these messages to the home, for a bot to send. */
export async function composed(
  scope: Scope,
  messages: Message[],
  more: Partial<Content> = {},
): Promise<Campaign> {
  const captured = capture(messages);
  if (captured.type !== "captured") throw new Error(`not captured: ${captured.type}`);
  drafts += 1;
  // What tests add fits the kind that they send.
  const content = { buttons: [], ...captured.version, ...more } as Content;
  return createDraft(
    scope,
    ADMIN,
    { content, audience: EVERYONE, originKey: `carrying ${drafts}` },
    scope.botId,
  );
}

/** A file of some bytes, each time other ones. */
export function bytes(name: string, size = 40_000): InputFile {
  drafts += 1;
  return new InputFile(Buffer.alloc(size, `${name} ${drafts} `), name);
}
