import { OWN_PAYLOAD } from "../audience/source.ts";
import type { Api } from "grammy";
import { type FileRef, type Version, versionFor } from "../content/content.ts";
import { parcelsOf } from "../content/post-files.ts";
import { type HomeScope, scopeOf } from "../db/scope.ts";
import type { Log } from "../log.ts";
import type { CarryFault, CarryFaults } from "../media/missing-files.ts";
import { unreachableWith } from "../telegram/api-call.ts";
import type { FetchedFiles } from "../telegram/fetched-files.ts";
import type { Campaign } from "./campaign.ts";
import { carryPost } from "./carry-post.ts";
import { attributesFor } from "./known-attributes.ts";
import { withLeaveButtons } from "./leave-button.ts";
import { withHomeFiles, withOwnFiles } from "./own-files.ts";
import type { PostFault } from "./preview-faults.ts";
import { type Shown, type Viewer, needsSource, showVersion, versionsToShow } from "./show-post.ts";

/** The bots of a home, as far as previews need them. */
export interface PreviewBots {
  /** Fetches by the home's file_ids. */
  files: FetchedFiles;
  /**
   * A bot that is not the home.
   * @throws DomainError if there is none, or its token is missing
   */
  find(botId: number): Promise<PreviewBot>;
  log: Log;
}

export interface PreviewBot {
  api: Api;
  /** Without @. */
  username: string;
}

/** A post that is about to be shown to a person by the bot that will send it. */
export interface PostPreview {
  /** Of the bot that shows it. */
  api: Api;
  /** Without @; null for the home. */
  username: string | null;
  /**
   * @throws SenderUnreachable if a bot other than the home cannot write to the person; for the home, the GrammyError that
   *   says so
   */
  show(language: string | null): Promise<Shown>;
}

/**
 * The versions of a draft that its bot can show. Another bot than the home cannot copy or forward from the home's chat: a
 * message id there would be another message. The findings say so.
 */
export function versionsShownBy(
  { homeId }: HomeScope,
  draft: Pick<Campaign, "botId" | "content" | "audience">,
) {
  const versions = versionsToShow(draft);
  return draft.botId === homeId
    ? versions
    : versions.filter(({ version }) => !needsSource(draft.content, version));
}

/** A bot cannot write to the person who is to see its post: they have not started it, or have blocked it. */
export class SenderUnreachable extends Error {
  override readonly name = "SenderUnreachable";
  /** Without @. */
  readonly username: string;

  constructor(username: string, description: string) {
    super(description);
    this.username = username;
  }
}

/** Where a person can start a bot. */
export function startLink(username: string): string {
  return `https://t.me/${username}?start=${OWN_PAYLOAD}`;
}

/**
 * Gets a draft ready to be shown in a person's chat with the bot that will send it. Another bot than the home is first
 * brought the files that it lacks, by way of that chat; it then keeps them.
 * @throws SenderUnreachable, DomainError
 */
export async function openPreview(
  scope: HomeScope,
  { home, bots }: { home: Api; bots: PreviewBots },
  draft: Campaign,
  person: Viewer,
): Promise<PostPreview> {
  const attributes = await attributesFor(scopeOf(scope, draft), draft, person.chatId);
  const viewer = { ...person, attributes };
  if (draft.botId === scope.homeId) {
    const post = await asShown(scope, await withHomeFiles(scope, draft), viewer);
    return {
      api: home,
      username: null,
      show: (language) => showVersion(home, viewer, post, language),
    };
  }
  const { api, username } = await bots.find(draft.botId);
  const { files, log } = bots;
  const faults = await carryPost(scopeOf(scope, draft), draft.content, {
    files,
    api,
    chatId: viewer.chatId,
    log,
  });
  for (const fault of faults.values())
    if (fault.type === "unreachable") throw new SenderUnreachable(username, fault.description);
  const [own = draft] = await withOwnFiles(scope.db, draft.botId, [draft]);
  const post = await asShown(scope, own, viewer);
  return {
    api,
    username,
    async show(language) {
      const { version } = versionFor(draft.content, language);
      if (needsSource(draft.content, version)) throw new Error("only the home can copy or forward");
      const fault = fileFaultOf(version, faults);
      if (fault) return { language, fault, lostEmoji: 0, lostIcons: 0 };
      try {
        return await showVersion(api, viewer, post, language);
      } catch (error) {
        const description = unreachableWith(error);
        throw description === null ? error : new SenderUnreachable(username, description);
      }
    },
  };
}

async function asShown(scope: HomeScope, draft: Campaign, { leaveLabel }: Viewer): Promise<Campaign> {
  const [shown = draft] = await withLeaveButtons(scope, [draft], leaveLabel);
  return shown;
}

/** The first file that the sender could not get. */
function fileFaultOf(version: Version, faults: CarryFaults): PostFault | null {
  for (const file of parcelsOf(version)) {
    const fault = faults.get(file.uniqueId);
    if (fault && fault.type !== "unreachable") return toPostFault(file, fault);
  }
  return null;
}

function toPostFault(
  { kind, details }: FileRef,
  fault: Exclude<CarryFault, { type: "unreachable" }>,
): PostFault {
  const file = { type: "file" as const, kind, name: details?.name ?? "" };
  switch (fault.type) {
    case "too-large":
      return { ...file, why: "too-large", detail: "" };
    case "not-fetched":
    case "not-uploaded":
      return { ...file, why: fault.type, detail: fault.description };
    case "busy":
      return { ...file, why: "busy", detail: String(fault.seconds) };
    case "other-kind":
      return { ...file, why: "other-kind", detail: fault.made };
  }
}
