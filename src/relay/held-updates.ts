/** Updates, as JSON, that wait to be handed on, the oldest first. */
export interface HeldUpdates {
  /** Adds one at the end. Returns how many of the oldest had to go for it. */
  add(update: string): number;
  /** Takes out the next ones for a request: at most so many, and so many characters. They count as held until they are done. */
  cut(most: number, characters: number): string[];
  /** Those that were cut out come back to the front. */
  putBack(batch: readonly string[]): void;
  /** Those that were cut out are held no longer. */
  done(batch: readonly string[]): void;
  /** With those that are cut out. */
  readonly size: number;
}

/** `atMost` is in characters. */
export function createHeldUpdates(atMost: number): HeldUpdates {
  let waiting: string[] = [];
  let cutOut = 0;
  let characters = 0; // also of those that are cut out

  return {
    add(update) {
      waiting.push(update);
      characters += update.length;
      let lost = 0;
      for (let oldest = waiting[0]; characters > atMost && oldest !== undefined; oldest = waiting[0]) {
        characters -= oldest.length;
        waiting.shift();
        lost += 1;
      }
      return lost;
    },
    cut(most, mostCharacters) {
      let [count, length] = [0, 0];
      for (const update of waiting) {
        length += update.length;
        if (count === most || (count > 0 && length > mostCharacters)) break;
        count += 1;
      }
      cutOut += count;
      return waiting.splice(0, count);
    },
    putBack(batch) {
      cutOut -= batch.length;
      waiting = [...batch, ...waiting];
    },
    done(batch) {
      cutOut -= batch.length;
      for (const update of batch) characters -= update.length;
    },
    get size() {
      return waiting.length + cutOut;
    },
  };
}
