import { MOST_SOURCE, isSource } from "./source.ts";

/** The address that opens a bot's chat; who presses Start there comes from this source. */
export function startLink(username: string, source: string): string {
  return `https://t.me/${username}?start=${source}`;
}

/** What a text could be typed as instead, so that it can be a source; null if nothing of it can. */
export function fitSource(text: string): string | null {
  const fitted = [...text.normalize("NFC").toLowerCase()]
    .map((letter) => LATIN[letter] ?? letter)
    .join("")
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^\w-]+/g, "_")
    .replaceAll(/^_+|_+$/g, "")
    .slice(0, MOST_SOURCE);
  if (fitted === "") return null;
  return isSource(fitted) ? fitted : `${fitted}_1`;
}

const LATIN: Readonly<Record<string, string>> = Object.fromEntries(
  (
    "а a б b в v г g д d е e ё e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ъ - ы y " +
    "ь - э e ю yu я ya"
  )
    .split(" ")
    .flatMap((letter, index, all) =>
      index % 2 === 0 ? [[letter, all[index + 1]?.replace("-", "") ?? ""]] : [],
    ),
);
