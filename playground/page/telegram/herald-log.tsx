import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { log } from "../state/stream.ts";
import { useStore } from "../state/store.ts";
import { localeTag, t } from "../state/locale.ts";

/** Closer to the end than this, in CSS pixels, the list follows new lines. */
const NEAR = 24;

/** Herald's log. Drawn only while it is open, so that closed lines cost nothing. */
export function Log() {
  const [open, setOpen] = useState(false);
  const details = useRef<HTMLDetailsElement>(null);
  // It is at the end of its column and would open out of sight.
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
      <summary>{t("herald-log")}</summary>
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
  if (lines.length === 0) return <p>{t("herald-log-none")}</p>;
  return (
    <ol
      ref={list}
      // Makes it scrollable with the keyboard.
      tabIndex={0}
      aria-label={t("herald-log-lines")}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR;
      }}
    >
      {lines.map(({ at, level, text }) => (
        <li data-level={level}>
          <time>{new Date(at).toLocaleTimeString(localeTag())}</time> <b>{level}</b> {text}
        </li>
      ))}
    </ol>
  );
}
