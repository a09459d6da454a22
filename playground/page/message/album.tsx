import { type ShownMessage } from "../../shared/protocol.ts";
import { AudioRow, DocumentRow } from "./files.tsx";
import { Picture } from "./media.tsx";
import { mosaic } from "./mosaic.ts";
import { Text } from "./text.tsx";
import { type Pictured, visualOf } from "./visual.ts";

/**
 * An album's common caption: a single one belongs to the whole album, as in Telegram; several belong to their files.
 */
export function commonCaption(parts: readonly ShownMessage[]): ShownMessage["message"] | undefined {
  const captioned = parts.filter(({ message }) => message.caption !== undefined);
  return captioned.length === 1 ? captioned[0]?.message : undefined;
}

/** Photos and videos as a mosaic; files and music as a list. */
export function Album({ parts }: { parts: readonly ShownMessage[] }) {
  const visuals = parts.map(({ message }) => visualOf(message));
  if (visuals.some((visual) => visual === undefined)) return <List parts={parts} />;
  return (
    <Mosaic
      items={parts.map(({ message }) => ({ ...message, isHidden: message.has_media_spoiler === true }))}
    />
  );
}

/** Pictures side by side, as wide as the bubble. */
export function Mosaic({ items }: { items: readonly (Pictured & { isHidden?: boolean })[] }) {
  const shown = items.flatMap((item) => {
    const visual = visualOf(item);
    return visual === undefined ? [] : [{ visual, isHidden: item.isHidden === true }];
  });
  const { height, boxes } = mosaic(shown.map(({ visual }) => visual.width / Math.max(1, visual.height)));
  return (
    <div class="mosaic" style={{ aspectRatio: `1 / ${height}` }}>
      {shown.map(({ visual, isHidden }, index) => {
        const box = boxes[index] ?? { x: 0, y: 0, width: 1, height };
        const style = {
          left: `${box.x * 100}%`,
          top: `${(box.y / height) * 100}%`,
          width: `${box.width * 100}%`,
          height: `${(box.height / height) * 100}%`,
        };
        return (
          <div key={index} class="mosaic-tile" style={style}>
            <Picture visual={visual} isHidden={isHidden} isFilling />
          </div>
        );
      })}
    </div>
  );
}

function List({ parts }: { parts: readonly ShownMessage[] }) {
  const common = commonCaption(parts);
  return (
    <div class="items">
      {parts.map(({ message }) => (
        <div key={message.message_id}>
          {message.audio && <AudioRow audio={message.audio} />}
          {message.document && <DocumentRow document={message.document} />}
          {message.caption !== undefined && message !== common && (
            <div class="text" dir="auto">
              <Text isWhole text={message.caption} entities={message.caption_entities} />
            </div>
          )}
        </div>
      ))}
    </div>
  );
}
