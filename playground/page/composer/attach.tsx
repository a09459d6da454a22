import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { OpenChat, Sample } from "../../shared/protocol.ts";
import { overview } from "../state/stream.ts";
import { useSelected } from "../state/store.ts";
import { Icon } from "../ui/icon.tsx";
import { type Item, ListMenu } from "./list-menu.tsx";
import type { Marked } from "./markup.ts";
import { sendFiles, sendSample } from "./send.ts";
import { t } from "../state/locale.ts";

interface AttachProps {
  chat: OpenChat;
  /** Whether there is text in the field, which may become a caption. */
  hasText: boolean;
  /** Takes the text out of the field. */
  handOver: (sending: (caption: Marked) => Promise<boolean>) => Promise<void>;
}

/**
 * The user's own files: which ones the browser offers, and how they are sent. The locale files have their names,
 * which no sample may use.
 */
const OWN = {
  "own-media": { accept: "image/*,video/*", as: "media" },
  "own-file": { accept: "", as: "file" },
} as const;
type Own = keyof typeof OWN;

/** The paper clip: everything besides text. */
export function Attach({ chat, hasText, handOver }: AttachProps) {
  const samples = useSelected(overview, (now) => now?.samples) ?? [];
  const input = useRef<HTMLInputElement>(null);
  const chosen = useRef<Own>("own-media");

  const pick = (key: string) => {
    if (isOwn(key)) return choose(key);
    const sample = samples.find(({ name }) => name === key);
    send(sample?.captioned === true, (caption) => sendSample(chat, key, caption));
  };
  const choose = (key: Own) => {
    chosen.current = key;
    if (input.current === null) return;
    input.current.accept = OWN[key].accept;
    input.current.click();
  };
  const onChosen = (files: File[]) => {
    if (files.length > 0) send(true, (caption) => sendFiles(chat, files, OWN[chosen.current].as, caption));
  };
  const send = (takesCaption: boolean, sending: (caption?: Marked) => Promise<boolean>) =>
    void (hasText && takesCaption ? handOver(sending) : sending());

  const own = (Object.keys(OWN) as Own[]).map((key) => item(key, <Icon name="attach" />, t(key)));
  const captioned = samples.filter(takesText).map(itemOf);
  const others = samples.filter((sample) => !takesText(sample)).map(itemOf);
  return (
    <>
      <ListMenu
        label={t("attach")}
        face={<Icon name="attach" />}
        sections={
          hasText
            ? [
                { title: t("becomes-caption"), items: own },
                { items: captioned },
                { title: t("stays-in-field"), items: others },
              ]
            : [{ items: own }, { title: t("samples"), items: samples.map(itemOf) }]
        }
        onPick={pick}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          onChosen([...(currentTarget.files ?? [])]);
          // Allows choosing the same file again.
          currentTarget.value = "";
        }}
      />
    </>
  );
}

function isOwn(key: string): key is Own {
  return key in OWN;
}

function takesText({ captioned }: Sample): boolean {
  return captioned;
}

function itemOf({ name, icon }: Sample): Item {
  return item(name, icon, t(`sample-${name}`));
}

function item(key: string, sign: ComponentChildren, label: string): Item {
  return {
    key,
    face: (
      <>
        <span class="composer-sign" aria-hidden="true">
          {sign}
        </span>
        <span class="composer-label">{label}</span>
      </>
    ),
  };
}
