/** Arrow keys, Home and End move through the rows; Up from the first one leads back to the search. */
export function moves(event: KeyboardEvent, list: HTMLElement | null): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>("a") ?? [])];
  const at = rows.findIndex((row) => row === document.activeElement);
  const inSearch = event.target instanceof HTMLInputElement;
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: inSearch ? undefined : 0,
    End: inSearch ? undefined : rows.length - 1,
  }[event.key];
  if (to === undefined || (inSearch && to < 0)) return;
  event.preventDefault();
  if (to < 0) document.querySelector<HTMLElement>(".chats input")?.focus();
  else rows[to]?.focus();
}
