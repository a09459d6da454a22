import type { ReadLine } from "./log-line.ts";

export type Turn = "ends" | "goes" | "rests";

const TURNS: Record<string, Turn> = {
  "campaign started": "goes",
  "campaign resumed": "goes",
  "campaign retried": "goes",
  "campaign paused": "rests",
  "campaign paused, its card says more": "rests",
  "campaign finished": "ends",
  "campaign cancelled": "rests",
  "series cancelled": "rests",
};

/**
 * Learns from Herald's log which broadcasts start, pause and end. A Herald that was killed before it logged an event
 * lists at its next start which campaigns go on; nothing happens to campaigns between that line and "Herald is up".
 */
export class Broadcasts {
  readonly #tell: (turn: Turn, id: number) => void;
  readonly #going = new Set<number>();
  #goOn: number[] = [];

  constructor(tell: (turn: Turn, id: number) => void) {
    this.#tell = tell;
  }

  /** A new Herald process starts; its log follows. */
  begin(): void {
    this.#goOn = [];
  }

  hear({ event = "", campaign, campaigns = [] }: ReadLine): void {
    const turn = TURNS[event];
    if (turn !== undefined && campaign !== undefined) this.#turn(turn, campaign);
    if (event === "campaigns go on") this.#goOn = campaigns;
    if (event === "Herald is up") this.#catchUp();
  }

  #catchUp(): void {
    for (const id of this.#going) if (!this.#goOn.includes(id)) this.#turn("rests", id);
    for (const id of this.#goOn) if (!this.#going.has(id)) this.#turn("goes", id);
  }

  #turn(turn: Turn, id: number): void {
    if (turn === "goes") this.#going.add(id);
    else this.#going.delete(id);
    this.#tell(turn, id);
  }
}
