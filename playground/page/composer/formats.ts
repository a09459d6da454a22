/** A text and its selection, in UTF-16 units; `start` equals `end` at a caret. */
export interface Selected {
  text: string;
  start: number;
  end: number;
}

export interface Format {
  /** In the locale files, `format-NAME` is its label and `format-NAME-typed` how it is typed. */
  name: string;
  /** The event's `key` with Ctrl or Cmd, in lower case, as in Telegram's desktop app. */
  key: string;
  shift: boolean;
  apply: (selected: Selected) => Selected;
}

/** The toolbar's formats, in order. */
export const FORMATS: readonly Format[] = [
  { name: "bold", key: "b", shift: false, apply: around("**") },
  { name: "italic", key: "i", shift: false, apply: around("__") },
  {
    name: "underline",
    key: "u",
    shift: false,
    apply: around("++"),
  },
  { name: "strike", key: "x", shift: true, apply: around("~~") },
  { name: "spoiler", key: "p", shift: true, apply: around("||") },
  { name: "code", key: "m", shift: true, apply: code },
  { name: "link", key: "k", shift: false, apply: link },
  { name: "quote", key: ".", shift: true, apply: quote },
];

/** The format of a shortcut. With Shift, "." is ">" on some layouts. */
export function formatOf(key: string, shift: boolean): Format | undefined {
  const plain = key === ">" ? "." : key.toLowerCase();
  return FORMATS.find((format) => format.key === plain && format.shift === shift);
}

/** Puts marks around the selection, or removes them if they are there. */
function around(mark: string, closing = mark): (selected: Selected) => Selected {
  return (selected) => {
    const { text, start, end } = tight(selected);
    const [before, inner, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
    const [first, last] = [mark.length, closing.length];
    if (before.endsWith(mark) && after.startsWith(closing)) {
      const bare = before.slice(0, -first) + inner + after.slice(last);
      return { text: bare, start: start - first, end: end - first };
    }
    if (inner.length >= first + last && inner.startsWith(mark) && inner.endsWith(closing)) {
      const bare = inner.slice(first, -last);
      return { text: before + bare + after, start, end: start + bare.length };
    }
    return {
      text: before + mark + inner + closing + after,
      start: start + first,
      end: end + first,
    };
  };
}

/** Shrinks the selection by the spaces at both ends: "** bold **" is not bold. */
function tight({ text, start, end }: Selected): Selected {
  const chosen = text.slice(start, end);
  if (chosen.trim() === "") return { text, start, end };
  const first = start + chosen.length - chosen.trimStart().length;
  return { text, start: first, end: first + chosen.trim().length };
}

function code(selected: Selected): Selected {
  const isBlock = selected.text.slice(selected.start, selected.end).trim().includes("\n");
  return (isBlock ? around("```\n", "\n```") : around("`"))(selected);
}

/** Leaves selected what is still to be written: the address or, if an address was selected, its text. */
function link(selected: Selected): Selected {
  const { text, start, end } = tight(selected);
  const [before, inner, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  if (/^https?:\/\/\S+$/.test(inner))
    return { text: `${before}[](${inner})${after}`, start: start + 1, end: start + 1 };
  const scheme = "https://";
  const at = start + inner.length + "[](".length;
  return { text: `${before}[${inner}](${scheme})${after}`, start: at, end: at + scheme.length };
}

/** Quotes whole lines, or unquotes them. */
function quote({ text, start, end }: Selected): Selected {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", Math.max(from, end));
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split("\n");
  const isQuoted = lines.every((line) => line.startsWith(">"));
  const turned = lines.map((line) => (isQuoted ? line.replace(/^> ?/, "") : `> ${line}`)).join("\n");
  const stop = from + turned.length;
  return {
    text: text.slice(0, from) + turned + text.slice(to),
    start: start === end ? stop : from,
    end: stop,
  };
}
