/** The task of due.ts. */
export interface DueTask {
  apiRoot: string;
  store: string;
  campaigns: number;
}

/** A campaign goes to the `PEOPLE_EACH` chats from `firstChat` on. `dueAt` is in ms since 1970. */
export interface Due {
  firstChat: number;
  dueAt: number;
}

export const PEOPLE_EACH = 10;
