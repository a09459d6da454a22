import type { RichBlock, RichBlockCaption, RichMessage } from "@grammyjs/types";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Mosaic } from "./album.tsx";
import { AudioRow, DocumentRow, VoiceRow } from "./files.tsx";
import { Button } from "./inline-keyboard.tsx";
import { Picture } from "./media.tsx";
import { Streets } from "./place-card.tsx";
import { Quote } from "./quote.tsx";
import { Anchors, explainTap, RichText } from "./rich-text.tsx";
import { Code } from "./text.tsx";
import { type Pictured, visualOf } from "./visual.ts";
import { t } from "../state/locale.ts";

/** A rich message: a page of blocks. */
export function Rich({ message: { blocks, is_rtl: isRightToLeft } }: { message: RichMessage }) {
  const anchors = `${useId()}-`;
  return (
    <Anchors.Provider value={anchors}>
      <div class="rich" dir={isRightToLeft ? "rtl" : "auto"}>
        <Blocks blocks={blocks} />
      </div>
    </Anchors.Provider>
  );
}

function Blocks({ blocks }: { blocks: readonly RichBlock[] }) {
  return (
    <>
      {blocks.map((block, index) => (
        <Block key={index} block={block} />
      ))}
    </>
  );
}

const HEADINGS = ["h2", "h3", "h4", "h5", "h6", "h6"] as const;

function Block({ block }: { block: RichBlock }) {
  switch (block.type) {
    case "paragraph":
      return (
        <p>
          <RichText text={block.text} />
        </p>
      );
    case "heading": {
      const Heading = HEADINGS[block.size - 1] ?? "h6";
      return (
        <Heading class={`size-${block.size}`}>
          <RichText text={block.text} />
        </Heading>
      );
    }
    case "pre":
      return (
        <Code language={block.language}>
          <RichText text={block.text} />
        </Code>
      );
    case "footer":
      return (
        <p class="quiet">
          <RichText text={block.text} />
        </p>
      );
    case "thinking":
      return (
        <p class="quiet">
          <em>
            <RichText text={block.text} />
          </em>
        </p>
      );
    case "divider":
      return <hr />;
    case "mathematical_expression":
      return <pre class="math">{block.expression}</pre>;
    case "anchor":
      return <RichText text={block} />;
    case "list":
      return <List items={block.items} />;
    case "blockquote":
      return (
        <Quote credit={credit(block.credit)}>
          <Blocks blocks={block.blocks} />
        </Quote>
      );
    case "expandable_blockquote":
      return (
        <Quote isExpandable credit={credit(block.credit)}>
          <RichText text={block.text} />
        </Quote>
      );
    case "pullquote":
      return (
        <blockquote class="pullquote">
          <RichText text={block.text} />
          {block.credit !== undefined && <footer class="credit">{credit(block.credit)}</footer>}
        </blockquote>
      );
    case "details":
      return (
        <details open={block.is_open === true}>
          <summary>
            <RichText text={block.summary} />
          </summary>
          <Blocks blocks={block.blocks} />
        </details>
      );
    case "table":
      return <Table table={block} />;
    case "buttons":
      return (
        <div
          class="rich-buttons"
          style={{ justifyContent: block.align ?? "stretch" }}
          data-align={block.align}
        >
          {block.buttons.map((button, index) => (
            <Button key={index} button={button} label={<RichText text={button.text} />} tap={explainTap} />
          ))}
        </div>
      );
    default:
      return <MediaBlock block={block} />;
  }
}

type MediaBlockOf = Extract<
  RichBlock,
  {
    type:
      | "animation"
      | "audio"
      | "collage"
      | "document"
      | "map"
      | "photo"
      | "slideshow"
      | "video"
      | "voice_note";
  }
>;

/** A block with something to look at or to play, and its caption. */
function MediaBlock({ block }: { block: MediaBlockOf }) {
  switch (block.type) {
    case "map":
      return (
        <Figure caption={block.caption}>
          <span class="map" style={{ aspectRatio: `${block.width} / ${block.height}` }}>
            <Streets />
          </span>
        </Figure>
      );
    case "collage":
      return (
        <Figure caption={block.caption}>
          <Mosaic items={block.blocks.map(pictured)} />
        </Figure>
      );
    case "slideshow":
      return (
        <Figure caption={block.caption}>
          <div
            class="slides"
            role="group"
            tabIndex={0}
            aria-label={t("slideshow", { count: block.blocks.length })}
          >
            <Blocks blocks={block.blocks} />
          </div>
        </Figure>
      );
    case "audio":
      return (
        <Figure caption={block.caption}>
          <AudioRow audio={block.audio} />
        </Figure>
      );
    case "document":
      return (
        <Figure caption={block.caption}>
          <DocumentRow document={block.document} />
        </Figure>
      );
    case "voice_note":
      return (
        <Figure caption={block.caption}>
          <VoiceRow voice={block.voice_note} />
        </Figure>
      );
    case "photo":
    case "video":
    case "animation":
      return <VisualBlock block={block} />;
  }
}

type VisualBlockOf = Extract<RichBlock, { type: "animation" | "photo" | "video" }>;

function VisualBlock({ block }: { block: VisualBlockOf }) {
  const visual = visualOf(pictured(block));
  if (visual === undefined) return null;
  return (
    <Figure caption={block.caption}>
      <Picture visual={visual} isHidden={block.has_spoiler === true} withText />
    </Figure>
  );
}

/** A block's media in the form of a message's. */
function pictured(block: RichBlock): Pictured & { isHidden?: boolean } {
  const isHidden = "has_spoiler" in block && block.has_spoiler;
  if (block.type === "photo") return { photo: block.photo, isHidden };
  if (block.type === "video") return { video: block.video, isHidden };
  return block.type === "animation" ? { animation: block.animation, isHidden } : {};
}

function credit(text: Parameters<typeof RichText>[0]["text"]) {
  return text === undefined ? undefined : <RichText text={text} />;
}

function Figure({
  caption,
  children,
}: {
  caption: RichBlockCaption | undefined;
  children: ComponentChildren;
}) {
  return (
    <figure>
      {children}
      {caption !== undefined && (
        <figcaption>
          <RichText text={caption.text} />
          {caption.credit !== undefined && (
            <span class="credit">
              <RichText text={caption.credit} />
            </span>
          )}
        </figcaption>
      )}
    </figure>
  );
}

function List({ items }: { items: Extract<RichBlock, { type: "list" }>["items"] }) {
  const isNumbered = items.some(({ value, type }) => value !== undefined || type !== undefined);
  const Tag = isNumbered ? "ol" : "ul";
  return (
    <Tag>
      {items.map(({ label, blocks, has_checkbox: box, is_checked: checked }, index) => (
        // Telegram supplies the marker; CSS takes it as a string.
        <li key={index} style={{ listStyleType: box ? "none" : JSON.stringify(`${label} `) }}>
          {box && <input type="checkbox" checked={checked === true} disabled aria-label={t("done")} />}
          <Blocks blocks={blocks} />
        </li>
      ))}
    </Tag>
  );
}

function Table({ table }: { table: Extract<RichBlock, { type: "table" }> }) {
  const looks = [
    table.is_bordered && "bordered",
    table.is_striped && "striped",
    table.is_compact && "compact",
  ].filter(Boolean);
  return (
    <div class="table" tabIndex={0} role="group" aria-label={t("table")}>
      <table class={looks.join(" ")}>
        {table.caption !== undefined && (
          <caption>
            <RichText text={table.caption} />
          </caption>
        )}
        <tbody>
          {table.cells.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => {
                const Cell = cell.is_header ? "th" : "td";
                const style = { textAlign: cell.align, verticalAlign: cell.valign };
                return (
                  <Cell key={column} colSpan={cell.colspan} rowSpan={cell.rowspan} style={style}>
                    <RichText text={cell.text} />
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
