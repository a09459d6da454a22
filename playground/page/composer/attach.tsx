import type { OpenChat, Sample } from "../../live/protocol.ts";
import { overview } from "../live.ts";
import { useSelected } from "../store.ts";
import { Icon } from "../icon.tsx";
import { type Item, ListMenu } from "./menu.tsx";
import type { Marked } from "./markup.ts";
import { sendSample } from "./send.ts";

interface AttachProps {
  chat: OpenChat;
  /** Whether there is a text in the field, which may become a caption. */
  hasText: boolean;
  /** Takes the text out of the field. */
  handOver: (sending: (caption: Marked) => Promise<boolean>) => Promise<void>;
}

/** The paper clip: everything that is no text. */
export function Attach({ chat, hasText, handOver }: AttachProps) {
  const samples = useSelected(overview, (now) => now?.samples) ?? [];
  if (samples.length === 0) return null;

  const pick = (name: string) => {
    const sample = samples.find((one) => one.name === name);
    if (hasText && sample?.captioned === true) void handOver((caption) => sendSample(chat, name, caption));
    else void sendSample(chat, name);
  };

  return (
    <ListMenu
      label="Attach"
      face={<Icon name="attach" />}
      sections={
        hasText
          ? [
              { title: "Your text becomes the caption", items: itemsOf(samples.filter(takesText)) },
              {
                title: "Your text stays in the field",
                items: itemsOf(samples.filter((one) => !takesText(one))),
              },
            ]
          : [{ items: itemsOf(samples) }]
      }
      onPick={pick}
    />
  );
}

function takesText({ captioned }: Sample): boolean {
  return captioned;
}

function itemsOf(samples: readonly Sample[]): Item[] {
  return samples.map(({ name, label, icon }) => ({
    key: name,
    face: (
      <>
        <span class="composer-sign" aria-hidden="true">
          {icon}
        </span>
        <span class="composer-label">{label}</span>
      </>
    ),
  }));
}
