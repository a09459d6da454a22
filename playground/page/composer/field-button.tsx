import type { ComponentProps } from "preact";

interface FieldButtonProps extends Omit<ComponentProps<"button">, "class" | "title"> {
  label: string;
  /** The tooltip. Default: the label. */
  title?: string;
  class?: string;
}

/** A round button by the field. The field keeps the focus when it is pressed. */
export function FieldButton({ label, title = label, class: own, ...rest }: FieldButtonProps) {
  return (
    <button
      {...rest}
      class={own === undefined ? "round" : `round ${own}`}
      aria-label={label}
      title={title}
      onMouseDown={(event) => event.preventDefault()}
    />
  );
}
