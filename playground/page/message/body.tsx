import type { OpenChat, ShownMessage } from "../../shared/protocol.ts";
import { Album } from "./album.tsx";
import { AudioRow, DocumentRow, VoiceRow } from "./files.tsx";
import { Picture, RoundVideo, Sticker } from "./media.tsx";
import { Place } from "./place-card.tsx";
import { PollCard } from "./poll.tsx";
import { Rich } from "./rich.tsx";
import { ChecklistCard, ContactCard, DiceThrow, Other } from "./cards.tsx";
import { visualOf } from "./visual.ts";
import { kindOf } from "./words.ts";

/** What a message shows besides its text. */
export function Body({ parts, chat }: { parts: readonly ShownMessage[]; chat: OpenChat }) {
  const [shown, ...others] = parts;
  if (shown === undefined) return null;
  if (others.length > 0) return <Album parts={parts} />;
  const { message } = shown;
  const kind = kindOf(message);
  if (kind === undefined || message.text !== undefined) return null;
  const visual = kind === "paid_media" ? undefined : visualOf(message);
  if (visual !== undefined) {
    const withText = message.caption !== undefined || message.reply_markup !== undefined;
    return <Picture visual={visual} isHidden={message.has_media_spoiler === true} withText={withText} />;
  }
  if (message.rich_message) return <Rich message={message.rich_message} />;
  if (message.document) return <DocumentRow document={message.document} />;
  if (message.audio) return <AudioRow audio={message.audio} />;
  if (message.voice) return <VoiceRow voice={message.voice} />;
  if (message.video_note) return <RoundVideo video={message.video_note} />;
  if (message.sticker) return <Sticker sticker={message.sticker} />;
  if (message.poll) return <PollCard poll={message.poll} shown={shown} chat={chat} />;
  if (message.location) return <Place location={message.location} venue={message.venue} />;
  if (message.contact) return <ContactCard contact={message.contact} />;
  if (message.dice) return <DiceThrow dice={message.dice} />;
  if (message.checklist) return <ChecklistCard checklist={message.checklist} />;
  return <Other kind={kind} message={message} />;
}
