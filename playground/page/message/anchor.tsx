import type { ComponentChildren } from "preact";
import { follow } from "./follow-link.ts";
import { safeLink } from "./safe-link.ts";
import { isTelegramLink } from "./telegram-link.ts";

/** An external link, which gets no referrer; a link into Telegram stays here. Plain text if it leads nowhere safe. */
export function Link({
  to,
  children,
  ...rest
}: {
  to: string;
  children: ComponentChildren;
  class?: string;
  title?: string;
  "data-style"?: string | undefined;
}) {
  const href = safeLink(to);
  if (href === undefined) return <span {...rest}>{children}</span>;
  const onClick = (event: Event) => {
    if (!isTelegramLink(href)) return;
    event.preventDefault();
    follow(href);
  };
  return (
    <a
      {...rest}
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      referrerpolicy="no-referrer"
      onClick={onClick}
    >
      {children}
    </a>
  );
}
