/** A person on the bot's list. */
export interface Profile {
  id: number;
  firstName: string;
  lastName?: string;
  username?: string;
  languageCode: Language;
}

type Language = "de" | "en" | "ru";

interface Names {
  /** Women, then men, equally many. */
  first: string[];
  last: string[];
  /** A woman's form of a last name. */
  hers: (last: string) => string;
}

const FIRST_ID = 100_000;

/** In turn: of nine people, four read English, three Russian and two German. */
const LANGUAGES: readonly Language[] = ["en", "ru", "de", "en", "ru", "en", "de", "ru", "en"];

const same = (name: string) => name;

const NAMES: Record<Language, Names> = {
  en: {
    first: list(
      "Emma Grace Amelia Chloe Hannah Lucy Maya Nora Zoe Priya Aisha Ruby Jack Noah Ethan Oscar Leo Samuel Daniel Henry Theo Omar Marcus Finn",
    ),
    last: list(
      "Clark Walker Hughes Bennett Foster Okafor Murphy Price Reed Sullivan Patel Morgan Hayes Brooks Ward Cole Ellis Khan Barnes Shaw Wells Grant Doyle Lane Marsh",
    ),
    hers: same,
  },
  ru: {
    first: list(
      "Анна Мария Екатерина Дарья Ольга Полина Ирина Алина Вера Ксения Юлия Татьяна Иван Дмитрий Алексей Сергей Максим Артём Михаил Павел Егор Никита Роман Тимур",
    ),
    last: list(
      "Иванов Смирнов Кузнецов Соколов Попов Лебедев Новиков Морозов Волков Зайцев Павлов Семёнов Голубев Виноградов Беляев Тарасов Белов Орлов Макаров Фомин Никитин Ильин Савин Громов Щукин",
    ),
    hers: (last) => `${last}а`,
  },
  de: {
    first: list(
      "Lena Mia Hanna Leonie Clara Johanna Greta Ida Frieda Marlene Jana Katrin Lukas Jonas Felix Paul Moritz Jakob Anton Emil Tobias Stefan Matthias Jürgen",
    ),
    last: list(
      "Müller Schmidt Schneider Fischer Weber Wagner Becker Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Braun Krüger Vogel Jäger Winter Seidel Brandt Lorenz Böhm",
    ),
    hers: same,
  },
};

/** `count` people with ids from 100000, always the same ones. A few have no last name, half of them have a username. */
export function makeProfiles(count: number): Profile[] {
  const sofar: Record<Language, number> = { en: 0, ru: 0, de: 0 };
  return Array.from({ length: count }, (_, index) => {
    const languageCode = LANGUAGES[index % LANGUAGES.length] ?? "en";
    const nth = sofar[languageCode]++;
    return { id: FIRST_ID + index, languageCode, ...makeName(languageCode, nth, index) };
  });
}

/**
 * The lists have 24 and 25 entries, and the steps are coprime to that: neighbours differ, and no full name repeats
 * within 600 people of one language.
 */
function makeName(language: Language, nth: number, index: number): Omit<Profile, "id" | "languageCode"> {
  const { first, last, hers } = NAMES[language];
  const which = (nth * 7) % first.length;
  const firstName = first[which] ?? "";
  const family = last[(nth * 11) % last.length] ?? "";
  const lastName = which < first.length / 2 ? hers(family) : family;
  const round = Math.floor(nth / (first.length * last.length));
  const username = latin(`${firstName}_${lastName}`.toLowerCase()) + (round > 0 ? String(round + 1) : "");
  return { firstName, ...(index % 7 !== 3 && { lastName }), ...(index % 2 === 0 && { username }) };
}

/** The people as a file for `npm run recipients:import`. None of the names contains a comma or a quote. */
export function toCsv(profiles: readonly Profile[]): string {
  const rows = profiles.map(({ id, languageCode, firstName, lastName = "", username = "" }) =>
    [id, languageCode, firstName, lastName, username].join(","),
  );
  return ["chat_id,language,first_name,last_name,username", ...rows, ""].join("\n");
}

const LATIN: Record<string, string> = Object.fromEntries(
  list(
    "а-a б-b в-v г-g д-d е-e ё-e ж-zh з-z и-i й-y к-k л-l м-m н-n о-o п-p р-r с-s т-t у-u ф-f х-kh ц-ts ч-ch ш-sh щ-sch ь- ы-y э-e ю-yu я-ya ä-ae ö-oe ü-ue ß-ss",
  ).map((pair) => pair.split("-")),
);

/** Usernames consist of Latin letters. */
function latin(name: string): string {
  return [...name].map((letter) => LATIN[letter] ?? letter).join("");
}

function list(words: string): string[] {
  return words.split(" ");
}
