import type { Checklist, ChecklistTask, Contact, Dice, Message } from "@grammyjs/types";
import { Link } from "./anchor.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icon.tsx";
import { telephone } from "./safe-link.ts";
import { Mosaic } from "./album.tsx";
import { Text } from "./text.tsx";
import { hash, type Kind, labelOf, nameOf, titleOf } from "./words.ts";
import { t } from "../state/locale.ts";

export function ContactCard({ contact }: { contact: Contact }) {
  const { phone_number: number } = contact;
  const name = nameOf(contact);
  return (
    <div class="item">
      <Avatar id={contact.user_id ?? hash(name)} title={name} type="private" />
      <div class="item-words">
        <div class="item-name">{name}</div>
        <Link to={telephone(number)}>{number.startsWith("+") ? number : `+${number}`}</Link>
      </div>
    </div>
  );
}

export function DiceThrow({ dice: { emoji, value } }: { dice: Dice }) {
  return (
    <div class="dice" role="img" aria-label={t("dice-shows", { emoji, value })}>
      <span>{emoji}</span>
      <span class="value">{value}</span>
    </div>
  );
}

function isDone({ completion_date: date = 0 }: ChecklistTask): boolean {
  return date > 0;
}

export function ChecklistCard({
  checklist: { title, title_entities: formatting, tasks },
}: {
  checklist: Checklist;
}) {
  return (
    <div class="poll">
      <div class="question" dir="auto">
        <Text text={title} entities={formatting} />
      </div>
      <div class="quiet">{t("kind-checklist")}</div>
      <ul class="options">
        {tasks.map((task) => (
          <li key={task.id} class="task">
            <span class={isDone(task) ? "box circle done" : "box circle"}>
              {isDone(task) && <Icon name="check" />}
            </span>
            <span class="option-text" dir="auto">
              <Text text={task.text} entities={task.text_entities} />
              {task.completed_by_user && <span class="quiet"> · {nameOf(task.completed_by_user)}</span>}
            </span>
            <span class="unseen">{t(isDone(task) ? "done" : "to-do")}</span>
          </li>
        ))}
      </ul>
      <div class="poll-end quiet">
        {t("tasks-done", { done: tasks.filter(isDone).length, count: tasks.length })}
      </div>
    </div>
  );
}

/** Content that bots cannot send but that may be forwarded: its kind and its text. */
export function Other({ kind, message }: { kind: Kind; message: Message }) {
  const { paid_media: paid, invoice, game, story, giveaway } = message;
  if (paid !== undefined) {
    const shown = paid.paid_media.filter((media) => media.type !== "preview");
    return (
      <>
        {shown.length > 0 && <Mosaic items={shown} />}
        <div class="item-name">{t("stars-for", { count: paid.star_count })}</div>
      </>
    );
  }
  const title =
    invoice?.title ??
    game?.title ??
    (story && t("story-of", { title: titleOf(story.chat) })) ??
    labelOf(kind);
  const words = invoice?.description ?? game?.description ?? giveaway?.prize_description;
  return (
    <div>
      <div class="item-name">{title}</div>
      {words !== undefined && <div dir="auto">{words}</div>}
    </div>
  );
}
