/** What the page shows. On a narrow screen one of the three parts is shown at a time. */
export interface Route {
  part: "chat" | "chats" | "telegram";
  /** Undefined until it is known whose chat to open first. */
  chatId: number | undefined;
}

/** The address of a route: what follows the page's own. */
export function addressOf({ part, chatId }: Route): string {
  return part === "chat" && chatId !== undefined ? `#/chat/${chatId}` : `#/${part}`;
}

/** The route of an address; what it leaves out stays as before. */
export function routeAt(address: string, before: Route["chatId"]): Route {
  const [, part, id] = /^#\/(chats|chat|telegram)(?:\/(-?\d{1,16}))?$/.exec(address) ?? [];
  if (part === "chats" || part === "telegram") return { part, chatId: before };
  return { part: "chat", chatId: id === undefined ? before : Number(id) };
}
