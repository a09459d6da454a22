/** What due.ts is to do. */
export interface DueTask {
  apiRoot: string;
  store: string;
  campaigns: number;
}

/** A campaign's people are the `PEOPLE_EACH` chats from `firstChat` on; `dueAt` in ms since 1970. */
export interface Due {
  firstChat: number;
  dueAt: number;
}

export const PEOPLE_EACH = 10;
