import type { Poll, PollMedia } from "@grammyjs/types";
import { useEffect, useRef, useState } from "preact/hooks";
import type { OpenChat, ShownMessage } from "../../shared/protocol.ts";
import { act, pictureOf } from "../state/act.ts";
import { actorIn } from "../state/actor.ts";
import { AudioRow, DocumentRow } from "./files.tsx";
import { Icon } from "../ui/icon.tsx";
import { hostOf } from "./safe-link.ts";
import { Picture } from "./media.tsx";
import { clock } from "./moments.ts";
import { Place } from "./place-card.tsx";
import { Text } from "./text.tsx";
import { visualOf } from "./visual.ts";
import { percents, pollLabel, votesLabel } from "./poll-results.ts";
import { t } from "../state/locale.ts";

/** A poll or quiz: its options, and after voting its results. */
export function PollCard({ poll, shown, chat }: { poll: Poll; shown: ShownMessage; chat: OpenChat }) {
  const votes = shown.votes ?? [];
  const seesResults = votes.length > 0 || poll.is_closed;
  const results = useRef<HTMLUListElement>(null);
  const [isVoting, setVoting] = useState(false);
  // The focused option is no longer a button; the focus goes to what replaces it.
  const [hasVoted, setVoted] = useState(false);
  useEffect(() => {
    if (hasVoted && seesResults) results.current?.focus();
  }, [hasVoted, seesResults]);
  const vote = async (options: number[]) => {
    setVoting(true);
    setVoted(options.length > 0);
    await act("votes", { ...actorIn(chat), id: shown.message.message_id, options });
    setVoting(false);
  };
  return (
    <div class="poll" aria-busy={isVoting}>
      {poll.description !== undefined && (
        <div dir="auto">
          <Text text={poll.description} entities={poll.description_entities} />
        </div>
      )}
      <Beside media={poll.media} />
      <div class="question" dir="auto">
        <Text text={poll.question} entities={poll.question_entities} />
      </div>
      <div class="quiet">
        {pollLabel(poll)}
        {poll.close_date !== undefined &&
          !poll.is_closed &&
          ` · ${t("poll-closes", { time: clock(poll.close_date) })}`}
      </div>
      {seesResults ? (
        <ul ref={results} class="options" tabIndex={-1} aria-label={t("poll-results")}>
          <Results poll={poll} votes={votes} />
        </ul>
      ) : (
        <Choice poll={poll} vote={vote} />
      )}
      {seesResults && poll.explanation !== undefined && (
        <div class="explanation" dir="auto">
          <Beside media={poll.explanation_media} />
          <Text text={poll.explanation} entities={poll.explanation_entities} />
        </div>
      )}
      <div class="poll-end quiet">
        {votesLabel(poll)}
        {votes.length > 0 && poll.allows_revoting && !poll.is_closed && (
          <button type="button" class="plain" onClick={() => void vote([])}>
            {t("poll-retract")}
          </button>
        )}
      </div>
    </div>
  );
}

/** The options as buttons. A click votes; if several are allowed, they are ticked first. */
function Choice({ poll, vote }: { poll: Poll; vote: (options: number[]) => Promise<void> }) {
  const [chosen, choose] = useState<readonly number[]>([]);
  const several = poll.allows_multiple_answers;
  const press = (index: number) => {
    if (!several) void vote([index]);
    else choose(chosen.includes(index) ? chosen.filter((other) => other !== index) : [...chosen, index]);
  };
  return (
    <>
      <ul class="options">
        {poll.options.map((option, index) => (
          <li key={option.persistent_id}>
            <button
              type="button"
              class="option"
              {...(several && { role: "checkbox", "aria-checked": chosen.includes(index) })}
              onClick={() => press(index)}
            >
              <span class={several ? "box" : "box circle"}>
                {chosen.includes(index) && <Icon name="check" />}
              </span>
              <span class="option-text" dir="auto">
                <Text text={option.text} entities={option.text_entities} />
              </span>
              <Sign media={option.media} />
            </button>
          </li>
        ))}
      </ul>
      {several && (
        <button
          type="button"
          class="plain vote"
          disabled={chosen.length === 0}
          onClick={() => void vote(chosen.toSorted((a, b) => a - b))}
        >
          {t("poll-vote")}
        </button>
      )}
    </>
  );
}

function Results({ poll, votes }: { poll: Poll; votes: readonly number[] }) {
  const shares = percents(poll);
  return (
    <>
      {poll.options.map((option, index) => {
        const mark = markOf(poll, votes.includes(index), index);
        const share = shares[index] ?? 0;
        return (
          <li key={option.persistent_id} class={`result ${mark?.look ?? ""}`}>
            <span class="share">{share}%</span>
            <span class="option-text" dir="auto">
              <Text text={option.text} entities={option.text_entities} />
            </span>
            <Sign media={option.media} />
            <span class="mark">
              {mark && (
                <>
                  <Icon name={mark.look === "wrong" ? "cross" : "check"} />
                  <span class="unseen">{mark.words}</span>
                </>
              )}
            </span>
            <span class="bar">
              <span style={{ width: `${Math.max(share, 1)}%` }} />
            </span>
          </li>
        );
      })}
    </>
  );
}

/** What the results mark: the person's own votes and, in a quiz, the correct answer. */
function markOf({ type, correct_option_ids: right }: Poll, isOwn: boolean, index: number) {
  const isRight = type === "quiz" && right?.includes(index) === true;
  if (isRight) return { look: "right", words: t(isOwn ? "poll-right-own" : "poll-right") };
  if (!isOwn) return undefined;
  // A bot does not learn the correct answer of a quiz that someone else sent.
  return type === "quiz" && right !== undefined
    ? { look: "wrong", words: t("poll-wrong-own") }
    : { look: "own", words: t("poll-own") };
}

/** The media of a question or an explanation. */
function Beside({ media }: { media: PollMedia | undefined }) {
  if (media === undefined) return null;
  const visual = visualOf(media);
  if (visual !== undefined) return <Picture visual={visual} withText />;
  if (media.audio !== undefined) return <AudioRow audio={media.audio} />;
  if (media.document !== undefined) return <DocumentRow document={media.document} />;
  const location = media.venue?.location ?? media.location;
  return location === undefined ? null : <Place location={location} venue={media.venue} />;
}

/** The media of an option, small. */
function Sign({ media }: { media: PollMedia | undefined }) {
  if (media === undefined) return null;
  if (media.link !== undefined) return <span class="quiet">{hostOf(media.link.url)}</span>;
  if (media.venue !== undefined) return <span class="quiet">{media.venue.title}</span>;
  const visual = visualOf(media);
  const id = visual?.fileId ?? media.sticker?.file_id;
  if (id === undefined) return <Icon name="pin" />;
  return (
    <img
      class="option-picture"
      src={pictureOf(id)}
      width={36}
      height={36}
      alt={visual?.alt ?? t("kind-sticker")}
    />
  );
}
