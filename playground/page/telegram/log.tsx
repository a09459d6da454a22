import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { log } from "../live.ts";
import { useStore } from "../store.ts";

/** Nearer to the end than this, in CSS pixels, the list goes along with it. */
const NEAR = 24;

/** What Herald has logged. Drawn only while it is open: no line of it costs anything before. */
export function Log() {
  const [open, setOpen] = useState(false);
  const details = useRef<HTMLDetailsElement>(null);
  // It stands at the end of its column and opens downwards, out of sight.
  useEffect(() => {
    if (open) details.current?.scrollIntoView({ block: "end" });
  }, [open]);
  return (
    <details
      ref={details}
      class="herald-log"
      open={open}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>Herald's log</summary>
      {open && <Lines />}
    </details>
  );
}

function Lines() {
  const lines = useStore(log);
  const list = useRef<HTMLOListElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (follows.current) list.current?.scrollTo(0, list.current.scrollHeight);
  }, [lines]);
  if (lines.length === 0) return <p>Nothing yet.</p>;
  return (
    <ol
      ref={list}
      // So that it can be scrolled with the keyboard.
      tabIndex={0}
      aria-label="Lines of Herald's log"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR;
      }}
    >
      {lines.map(({ at, level, text }) => (
        <li data-level={level}>
          <time>{new Date(at).toLocaleTimeString("en-GB")}</time> <b>{level}</b> {text}
        </li>
      ))}
    </ol>
  );
}
