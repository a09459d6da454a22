/** The highest port that there is. */
export const LAST_PORT = 65_535;

/** A whole number from 0 to `most` from the command line. Throws a sentence with the option's name. */
export function whole(name: string, value: string, most: number): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isInteger(number) || number < 0 || number > most)
    throw new Error(`--${name} takes a whole number up to ${most}, not ${value || "nothing"}`);
  return number;
}
