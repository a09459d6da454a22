import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../state/locale.ts";

/** A quotation. An expandable one shows three lines until it is opened. */
export function Quote({
  isExpandable = false,
  credit,
  children,
}: {
  isExpandable?: boolean;
  credit?: ComponentChildren;
  children: ComponentChildren;
}) {
  const [isOpen, open] = useState(false);
  const [isLong, setLong] = useState(false);
  const inner = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = inner.current;
    if (!isExpandable || isOpen || element === null) return;
    const measure = () => setLong(element.scrollHeight > element.clientHeight + 1);
    measure();
    // A narrower window means more lines.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [isExpandable, isOpen, children]);
  return (
    <blockquote class="quote">
      <div ref={inner} class={isExpandable && !isOpen ? "clamped" : undefined}>
        {children}
      </div>
      {credit !== undefined && <footer class="credit">{credit}</footer>}
      {isExpandable && isLong && (
        <button type="button" class="expand" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
          {t(isOpen ? "show-less" : "show-more")}
        </button>
      )}
    </blockquote>
  );
}
