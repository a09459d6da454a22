import { createStore } from "./store.ts";

/** A toast that shows for some seconds, or an alert that waits for OK. */
export interface Notice {
  id: number;
  text: string;
  kind: "alert" | "toast" | "trouble";
}

/** Trouble takes longer to read, and comes while the user looks elsewhere. */
const SHOWN_MS = { toast: 5_000, trouble: 10_000 };
/** More of them would cover the chat. */
const LINES_AT_ONCE = 3;
let lastId = 0;

export const notices = createStore<Notice[]>([]);

/**
 * Shows a toast, which disappears by itself, or an alert, which the user closes. A text that is already shown is not
 * repeated.
 */
export function say(text: string, kind: Notice["kind"] = "toast"): void {
  lastId += 1;
  const id = lastId;
  const others = notices.value.filter((notice) => notice.text !== text || notice.kind !== kind);
  const alerts = others.filter((notice) => notice.kind === "alert");
  const lines = others.filter((notice) => notice.kind !== "alert");
  notices.set([...alerts, ...lines.slice(1 - LINES_AT_ONCE), { id, text, kind }]);
  if (kind !== "alert") setTimeout(() => dismiss(id), SHOWN_MS[kind]);
}

/** Dismisses toasts, which belong to the previous chat. Trouble and alerts stay. */
export function dismissToasts(): void {
  for (const { id, kind } of notices.value) if (kind === "toast") dismiss(id);
}

export function dismiss(id: number): void {
  const others = notices.value.filter((notice) => notice.id !== id);
  if (others.length < notices.value.length) notices.set(others);
}
