/** Parses a whole number from 0 to `most` given on the command line. Throws an error that names the option. */
export function whole(name: string, value: string, most: number): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isInteger(number) || number < 0 || number > most)
    throw new Error(`--${name} takes a whole number up to ${most}, not ${value || "nothing"}`);
  return number;
}
