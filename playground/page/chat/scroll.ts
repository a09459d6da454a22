import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** This close to the end, in px, counts as at the end: fractions of a pixel and a nudge of the wheel. */
const NEAR = 32;

interface Anchor {
  entry: Element;
  /** Distance from the top of the view, in px. */
  top: number;
}

interface State {
  isAtEnd: boolean;
  anchor: Anchor | undefined;
  lastId: number;
  /** The sizes when it was last settled. */
  sizes: string;
}

/**
 * Keeps a list's scroll position: at the end while the reader is at the end, otherwise with the first visible entry
 * in place, whatever grows or disappears above it. Browsers' scroll anchoring does not do the former, and Safari not
 * the latter.
 */
export function useScroll(lastId: number, isOwn: boolean) {
  const view = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const state = useRef<State>({ isAtEnd: true, anchor: undefined, lastId, sizes: "" });
  const [isAway, setAway] = useState(false);
  const [readId, setRead] = useState(lastId);

  const settle = () => {
    const { current: box } = view;
    // A hidden part has no size, and loses its scroll position.
    if (box === null || box.clientHeight === 0) return;
    const { isAtEnd, anchor } = state.current;
    state.current.sizes = sizesOf(box);
    if (isAtEnd) box.scrollTop = box.scrollHeight;
    else if (anchor?.entry.isConnected) {
      const moved = topIn(box, anchor.entry) - anchor.top;
      // Setting it, even to the same value, would end a smooth scroll.
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
    // The content has grown; the reader has not scrolled. The observer below handles that.
    if (sizesOf(box) !== state.current.sizes) return;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    const entry = isAtEnd ? undefined : firstSeen(box);
    state.current.isAtEnd = isAtEnd;
    state.current.anchor = entry && { entry, top: topIn(box, entry) };
    setAway(!isAtEnd);
    if (isAtEnd) setRead(state.current.lastId);
  };

  useLayoutEffect(() => {
    // Moving the focus may have scrolled the view before the scroll event arrives.
    onScroll();
    const isNew = lastId > state.current.lastId;
    state.current.lastId = lastId;
    // After sending something, the sender wants to see it.
    if (isNew && isOwn) state.current.isAtEnd = true;
    settle();
    if (state.current.isAtEnd) setRead(lastId);
  });

  useEffect(() => {
    // Pictures load, the composer grows, the window is rotated.
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
