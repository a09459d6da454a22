import type { Reach } from "../../../../campaign/apply-changes.ts";

/** A number of people and a time, and the draft as it stood when they were shown. */
export interface Agreement {
  count: number;
  revision: number;
  /** In seconds since 1970; 0 means now. */
  startsAt: number;
  /** Of a change to a run of a series: what it is for. */
  reach?: Reach;
}

/** As the data of a button, and back. What it holds comes from outside: a number that is none agrees to nothing. */
export function agreementData({ count, revision, startsAt, reach }: Agreement): string {
  return [count, revision, startsAt, ...(reach ? [reach] : [])].join(".");
}

export function readAgreement(data: string): Agreement {
  const [count, revision, startsAt, reach] = data.split(".");
  return {
    count: Number(count ?? 0),
    revision: Number(revision ?? 0),
    startsAt: Number(startsAt ?? 0),
    ...((reach === "run" || reach === "series") && { reach }),
  };
}
