/** A text, and what is selected of it, in UTF-16 units; `start` and `end` are equal at a caret. */
export interface Selected {
  text: string;
  start: number;
  end: number;
}

export interface Format {
  name: string;
  label: string;
  /** How it is typed. */
  typed: string;
  /** With Ctrl or Cmd: the `key` of the event, in lower case. As Telegram's desktop app has them. */
  key: string;
  shift: boolean;
  apply: (selected: Selected) => Selected;
}

/** What the toolbar offers, in its order. */
export const FORMATS: readonly Format[] = [
  { name: "bold", label: "Bold", typed: "**bold**", key: "b", shift: false, apply: around("**") },
  { name: "italic", label: "Italic", typed: "__italic__", key: "i", shift: false, apply: around("__") },
  {
    name: "underline",
    label: "Underline",
    typed: "++underline++, here only",
    key: "u",
    shift: false,
    apply: around("++"),
  },
  { name: "strike", label: "Strikethrough", typed: "~~strike~~", key: "x", shift: true, apply: around("~~") },
  { name: "spoiler", label: "Spoiler", typed: "||spoiler||", key: "p", shift: true, apply: around("||") },
  { name: "code", label: "Code", typed: "`code` or ```block```", key: "m", shift: true, apply: code },
  { name: "link", label: "Link", typed: "[text](https://…)", key: "k", shift: false, apply: link },
  { name: "quote", label: "Quote", typed: "> at the start of a line", key: ".", shift: true, apply: quote },
];

/** The format that a key stands for. With Shift, "." comes as ">" on some layouts. */
export function formatOf(key: string, shift: boolean): Format | undefined {
  const plain = key === ">" ? "." : key.toLowerCase();
  return FORMATS.find((format) => format.key === plain && format.shift === shift);
}

/** Puts marks around what is selected, or takes them away when they stand there. */
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

/** Without the spaces at both ends: "** bold **" is no bold. */
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

/** Leaves the part selected that is still to be written: the address, or the words of an address that was selected. */
function link(selected: Selected): Selected {
  const { text, start, end } = tight(selected);
  const [before, inner, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  if (/^https?:\/\/\S+$/.test(inner))
    return { text: `${before}[](${inner})${after}`, start: start + 1, end: start + 1 };
  const scheme = "https://";
  const at = start + inner.length + "[](".length;
  return { text: `${before}[${inner}](${scheme})${after}`, start: at, end: at + scheme.length };
}

/** Quotes whole lines, or no longer quotes them. */
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
