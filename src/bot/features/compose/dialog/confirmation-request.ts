import type { Reach } from "../../../../campaign/apply-changes.ts";

/** What an admin is shown and asked to confirm: a number of people and a time, and which revision of the draft it was. */
export interface ConfirmationRequest {
  count: number;
  revision: number;
  /** In seconds since 1970; 0 means now. */
  startsAt: number;
  /** For a change to a run of a series: which runs it is for. */
  reach?: Reach;
}

export function encodeRequest({ count, revision, startsAt, reach }: ConfirmationRequest): string {
  return [count, revision, startsAt, ...(reach ? [reach] : [])].join(".");
}

/** Reads the data of a button. It comes from outside: what is not a number becomes NaN, which confirms nothing. */
export function readRequest(data: string): ConfirmationRequest {
  const [count, revision, startsAt, reach] = data.split(".");
  return {
    count: Number(count ?? 0),
    revision: Number(revision ?? 0),
    startsAt: Number(startsAt ?? 0),
    ...((reach === "run" || reach === "series") && { reach }),
  };
}
