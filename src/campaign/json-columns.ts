import type { Audience } from "../audience/segment/audience.ts";
import { storedAudience } from "../audience/segment/stored-audience.ts";
import type { Content } from "../content/content.ts";
import { storedContent } from "../content/stored-content.ts";
import type { campaigns } from "../db/schema.ts";
import type { Recurrence } from "../schedule/recurrence.ts";
import { storedRecurrence, storedWindow } from "../schedule/stored-schedule.ts";
import type { Window } from "../schedule/window.ts";

/** What campaigns and series store as JSON. */
interface Values {
  content: Content;
  audience: Audience;
  window: Window | null;
  recurrence: Recurrence | null;
}
type Columns = Pick<typeof campaigns.$inferSelect, keyof Values>;

/**
 * `row` names the row in the error, such as "campaign 12".
 * @throws Error if a newer Herald wrote it
 */
export function parseColumns({ content, audience, window, recurrence }: Columns, row: string): Values {
  return {
    content: storedContent.parse(content, row),
    audience: storedAudience.parse(audience, row),
    window: window && storedWindow.parse(window, row),
    recurrence: recurrence && storedRecurrence.parse(recurrence, row),
  };
}

/** The same values as stored: JSON values in the form of their columns, the others unchanged. */
export type InColumns<T> = {
  [K in keyof T]: K extends keyof Columns ? (null extends T[K] ? Columns[K] : NonNullable<Columns[K]>) : T[K];
};

/** The stored form of these values; omitted ones leave their columns unchanged. */
export function toColumns<T extends Partial<Values>>(values: T): InColumns<T> {
  const { content, audience, window, recurrence } = values;
  const json: Partial<Columns> = {
    ...(content && { content: storedContent.store(content) }),
    ...(audience && { audience: storedAudience.store(audience) }),
    ...(window !== undefined && { window: window && storedWindow.store(window) }),
    ...(recurrence !== undefined && { recurrence: recurrence && storedRecurrence.store(recurrence) }),
  };
  // TypeScript cannot see that each of the four that is present has been replaced.
  return { ...values, ...json } as InColumns<T>;
}
