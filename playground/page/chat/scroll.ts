import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** So near to the end, in px, counts as at the end: fractions of a pixel and a nudge of the wheel. */
const NEAR = 32;

interface Anchor {
  entry: Element;
  /** From the top of the view, px. */
  top: number;
}

interface State {
  isAtEnd: boolean;
  anchor: Anchor | undefined;
  lastId: number;
  /** As they were when it was last settled. */
  sizes: string;
}

/**
 * Keeps a list where its reader is: at the end while they are at the end, else with the first entry that they see
 * where it is, whatever grows or goes above it. The browsers' own anchoring does not do the first, and Safari neither.
 */
export function useScroll(lastId: number, isOwn: boolean) {
  const view = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const state = useRef<State>({ isAtEnd: true, anchor: undefined, lastId, sizes: "" });
  const [isAway, setAway] = useState(false);
  const [readId, setRead] = useState(lastId);

  const settle = () => {
    const { current: box } = view;
    // A part that is not shown has no size, and forgets where it was scrolled to.
    if (box === null || box.clientHeight === 0) return;
    const { isAtEnd, anchor } = state.current;
    state.current.sizes = sizesOf(box);
    if (isAtEnd) box.scrollTop = box.scrollHeight;
    else if (anchor?.entry.isConnected) {
      const moved = topIn(box, anchor.entry) - anchor.top;
      // Setting it, even to what it is, would end a smooth scroll that is under way.
      if (Math.abs(moved) >= 1) box.scrollTop += moved;
    }
  };

  const toEnd = () => {
    state.current.isAtEnd = true;
    settle();
  };

  const onScroll = () => {
    const { current: box } = view;
    if (box === null || box.clientHeight === 0) return;
    // Not the reader has moved, but something has grown since; where that leads, the observer sees to it.
    if (sizesOf(box) !== state.current.sizes) return;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    const entry = isAtEnd ? undefined : firstSeen(box);
    state.current.isAtEnd = isAtEnd;
    state.current.anchor = entry && { entry, top: topIn(box, entry) };
    setAway(!isAtEnd);
    if (isAtEnd) setRead(state.current.lastId);
  };

  useLayoutEffect(() => {
    // The focus has moved the view, and this is drawn for it before the browser tells of that.
    onScroll();
    const isNew = lastId > state.current.lastId;
    state.current.lastId = lastId;
    // Who has just sent something wants to see it.
    if (isNew && isOwn) state.current.isAtEnd = true;
    settle();
    if (state.current.isAtEnd) setRead(lastId);
  });

  useEffect(() => {
    // Pictures load, the composer grows, the window turns.
    const observer = new ResizeObserver(() => {
      settle();
      onScroll();
    });
    for (const element of [view.current, content.current]) if (element !== null) observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return { view, content, onScroll, toEnd, isAway, readId };
}

function sizesOf(box: Element): string {
  return `${box.clientHeight} of ${box.scrollHeight}`;
}

function topIn(box: Element, entry: Element): number {
  return entry.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

function firstSeen(box: Element): Element | undefined {
  const { top } = box.getBoundingClientRect();
  return [...box.querySelectorAll(".entry")].find((entry) => entry.getBoundingClientRect().bottom > top);
}
