import { ICONS, type IconName } from "./icon-paths.ts";

/** Decorative: the text beside it, or its button, has the meaning in words. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}
