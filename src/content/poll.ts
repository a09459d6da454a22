import type { Poll, PollMedia, PollOption } from "grammy/types";
import type { PollFields } from "./content.ts";
import { inputVideo } from "./rich.ts";

type Media = NonNullable<PollFields["media"]>;
type Option = PollFields["options"][number];
type OptionMedia = NonNullable<Option["media"]>;

/** The fields to send a received poll again: open, and with its original duration. */
export function pollFields(poll: Poll): PollFields {
  const media = poll.media && mediaOf(poll.media);
  const explanationMedia = poll.explanation_media && mediaOf(poll.explanation_media);
  return {
    question: poll.question,
    ...(poll.question_entities && { question_entities: poll.question_entities }),
    options: poll.options.map(optionOf),
    is_anonymous: poll.is_anonymous,
    type: poll.type,
    allows_multiple_answers: poll.allows_multiple_answers,
    // Always explicit: Telegram's default depends on the type.
    ...(poll.allows_revoting !== undefined && { allows_revoting: poll.allows_revoting }),
    ...(poll.members_only && { members_only: true }),
    ...(poll.country_codes && poll.country_codes.length > 0 && { country_codes: poll.country_codes }),
    ...(poll.correct_option_ids && { correct_option_ids: poll.correct_option_ids }),
    ...(poll.explanation !== undefined && { explanation: poll.explanation }),
    ...(poll.explanation_entities && { explanation_entities: poll.explanation_entities }),
    ...(explanationMedia && { explanation_media: explanationMedia }),
    ...(poll.description !== undefined && { description: poll.description }),
    ...(poll.description_entities && { description_entities: poll.description_entities }),
    ...(media && { media }),
    ...(poll.open_period !== undefined && { open_period: poll.open_period }),
  };
}

function optionOf({ text, text_entities, media }: PollOption): Option {
  const sent = media && optionMediaOf(media);
  return { text, ...(text_entities && { text_entities }), ...(sent && { media: sent }) };
}

function mediaOf(media: PollMedia): Media | undefined {
  if (media.audio) return { type: "audio", media: media.audio.file_id };
  if (media.document) return { type: "document", media: media.document.file_id };
  return anyMediaOf(media);
}

function optionMediaOf(media: PollMedia): OptionMedia | undefined {
  if (media.link) return { type: "link", url: media.link.url };
  if (media.sticker) return { type: "sticker", media: media.sticker.file_id };
  return anyMediaOf(media);
}

/** The media that both a poll and its options can have. */
function anyMediaOf(media: PollMedia): (Media & OptionMedia) | undefined {
  if (media.animation) return { type: "animation", media: media.animation.file_id };
  if (media.live_photo) {
    const photo = (media.live_photo.photo ?? media.photo)?.at(-1)?.file_id;
    return photo === undefined ? undefined : { type: "live_photo", media: media.live_photo.file_id, photo };
  }
  const photo = media.photo?.at(-1)?.file_id;
  if (photo !== undefined) return { type: "photo", media: photo };
  if (media.video) return inputVideo(media.video);
  if (media.venue) {
    const { location, ...venue } = media.venue;
    const { latitude, longitude } = location;
    return { type: "venue", latitude, longitude, ...venue };
  }
  if (!media.location) return undefined;
  const { latitude, longitude, horizontal_accuracy } = media.location;
  return {
    type: "location",
    latitude,
    longitude,
    ...(horizontal_accuracy !== undefined && { horizontal_accuracy }),
  };
}
