import { createStore } from "./store.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "theme";

/** The chosen theme, kept in this browser. tokens.css reads `data-theme`; without it, the system decides. */
export const theme = createStore<Theme>(kept());
show();

export function setTheme(next: Theme): void {
  theme.set(next);
  show();
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage it lasts until the page closes.
  }
}

function show(): void {
  if (theme.value === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme.value;
}

function kept(): Theme {
  try {
    return THEMES.find((name) => name === localStorage.getItem(KEY)) ?? "system";
  } catch {
    return "system";
  }
}
