import { ICONS, type IconName } from "./icons.ts";

/** Decoration: what it means is said in words beside it, or by its button. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}
