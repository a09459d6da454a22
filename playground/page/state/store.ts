import { useEffect, useRef, useState } from "preact/hooks";

/** A value that components read and that is set from outside of them. */
export interface Store<T> {
  readonly value: T;
  set(next: T): void;
  watch(changed: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  const watchers = new Set<() => void>();
  let value = initial;
  return {
    get value() {
      return value;
    },
    set(next) {
      value = next;
      for (const changed of watchers) changed();
    },
    watch(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
  };
}

/** The value of a store; redraws the component when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSelected(store, itself);
}

/** A part of a store's value; redraws the component only when that part changes. */
export function useSelected<T, Part>(store: Store<T>, select: (value: T) => Part): Part {
  const [, draw] = useState(0);
  const part = select(store.value);
  const drawn = useRef({ part, select });
  drawn.current = { part, select };
  useEffect(() => {
    const check = () => {
      const { part, select } = drawn.current;
      if (!Object.is(select(store.value), part)) draw((count) => count + 1);
    };
    // The value may have changed between drawing and this effect.
    check();
    return store.watch(check);
  }, [store]);
  return part;
}

function itself<T>(value: T): T {
  return value;
}
