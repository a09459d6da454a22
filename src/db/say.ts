/** Tells the operator, in a sentence, what a start waits for or what is wrong. */
export type Say = (sentence: string) => void;

/** For programs without a log. */
export const sayOnStderr: Say = (sentence) => void process.stderr.write(`${sentence}\n`);
