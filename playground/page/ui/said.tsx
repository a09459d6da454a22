import { pieces, type Values } from "../state/locale.ts";

/** A text of the locale files with what is bold or code in it. */
export function Said({ of: key, values }: { of: string; values?: Values }) {
  return (
    <>
      {pieces(key, values).map(({ tag: Tag, text }, index) => (Tag ? <Tag key={index}>{text}</Tag> : text))}
    </>
  );
}
