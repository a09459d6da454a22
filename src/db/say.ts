/** Takes a sentence for the operator: what a start waits for, or what is not as it should be. */
export type Say = (sentence: string) => void;

/** Where there is no log. */
export const sayOnStderr: Say = (sentence) => void process.stderr.write(`${sentence}\n`);
