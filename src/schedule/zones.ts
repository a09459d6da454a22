import { wallOf } from "./wall.ts";
import { CURRENT_ZONES, FORMER_NAMES, changesBetween, offsetAt } from "./zone-data.ts";

/** Cities offered as buttons at the first /schedule, from west to east: one for each populous offset. */
export const COMMON_ZONES: readonly { zone: string; en: string; ru: string }[] = [
  { zone: "America/Los_Angeles", en: "Los Angeles", ru: "Лос-Анджелес" },
  { zone: "America/New_York", en: "New York", ru: "Нью-Йорк" },
  { zone: "Europe/London", en: "London", ru: "Лондон" },
  { zone: "Europe/Berlin", en: "Berlin", ru: "Берлин" },
  { zone: "Europe/Kyiv", en: "Kyiv", ru: "Киев" },
  { zone: "Europe/Moscow", en: "Moscow", ru: "Москва" },
  { zone: "Asia/Dubai", en: "Dubai", ru: "Дубай" },
  { zone: "Asia/Almaty", en: "Almaty", ru: "Алматы" },
  { zone: "Asia/Kolkata", en: "Delhi", ru: "Дели" },
  { zone: "Asia/Novosibirsk", en: "Novosibirsk", ru: "Новосибирск" },
  { zone: "Asia/Singapore", en: "Singapore", ru: "Сингапур" },
  { zone: "Asia/Tokyo", en: "Tokyo", ru: "Токио" },
];

/** City names that people type besides the English one in the zone's own name, large cities first. */
const CITIES: readonly (readonly [zone: string, names: string])[] = [
  [
    "Europe/Moscow",
    "Москва, мск, msk, Saint Petersburg, St Petersburg, Petersburg, Санкт-Петербург, Петербург, Питер, спб",
  ],
  [
    "Europe/Moscow",
    "Kazan, Казань, Nizhny Novgorod, Нижний Новгород, Sochi, Сочи, Krasnodar, Краснодар, Rostov, Ростов",
  ],
  ["Europe/Moscow", "Ростов-на-Дону, Voronezh, Воронеж"],
  [
    "Europe/Kyiv",
    "Киев, Київ, Kiev, Kharkiv, Харьков, Харків, Odesa, Odessa, Одесса, Одеса, Lviv, Львов, Львів, Dnipro, Днепр",
  ],
  ["Europe/Minsk", "Минск, Мінск, Gomel, Гомель, Brest, Брест"],
  ["Europe/Kaliningrad", "Калининград"],
  ["Europe/Samara", "Самара, Tolyatti, Тольятти, Izhevsk, Ижевск"],
  ["Europe/Saratov", "Саратов"],
  ["Europe/Astrakhan", "Астрахань"],
  ["Europe/Ulyanovsk", "Ульяновск"],
  ["Europe/Volgograd", "Волгоград"],
  ["Europe/Kirov", "Киров"],
  ["Europe/Simferopol", "Симферополь, Sevastopol, Севастополь"],
  [
    "Asia/Yekaterinburg",
    "Екатеринбург, екб, Ekaterinburg, Chelyabinsk, Челябинск, Perm, Пермь, Ufa, Уфа, Tyumen, Тюмень",
  ],
  ["Asia/Omsk", "Омск"],
  ["Asia/Novosibirsk", "Новосибирск"],
  ["Asia/Tomsk", "Томск"],
  ["Asia/Barnaul", "Барнаул"],
  ["Asia/Novokuznetsk", "Новокузнецк, Kemerovo, Кемерово"],
  ["Asia/Krasnoyarsk", "Красноярск"],
  ["Asia/Irkutsk", "Иркутск, Ulan-Ude, Улан-Удэ"],
  ["Asia/Chita", "Чита"],
  ["Asia/Yakutsk", "Якутск"],
  ["Asia/Vladivostok", "Владивосток, Khabarovsk, Хабаровск"],
  ["Asia/Sakhalin", "Сахалин, Южно-Сахалинск"],
  ["Asia/Magadan", "Магадан"],
  ["Asia/Kamchatka", "Камчатка, Петропавловск-Камчатский"],
  ["Asia/Anadyr", "Анадырь"],
  ["Asia/Almaty", "Алматы, Алма-Ата, Astana, Астана, Nur-Sultan, Shymkent, Шымкент, Karaganda, Караганда"],
  ["Asia/Aqtobe", "Актобе"],
  ["Asia/Aqtau", "Актау"],
  ["Asia/Atyrau", "Атырау"],
  ["Asia/Oral", "Уральск"],
  ["Asia/Qostanay", "Костанай"],
  ["Asia/Tashkent", "Ташкент"],
  ["Asia/Samarkand", "Самарканд"],
  ["Asia/Bishkek", "Бишкек"],
  ["Asia/Dushanbe", "Душанбе"],
  ["Asia/Ashgabat", "Ашхабад"],
  ["Asia/Tbilisi", "Тбилиси, Batumi, Батуми"],
  ["Asia/Yerevan", "Ереван"],
  ["Asia/Baku", "Баку"],
  ["Europe/Chisinau", "Кишинев, Kishinev"],
  ["Europe/Riga", "Рига"],
  ["Europe/Vilnius", "Вильнюс"],
  ["Europe/Tallinn", "Таллин, Таллинн"],
  ["Europe/London", "Лондон, Manchester, Манчестер, Birmingham, Edinburgh, Эдинбург, Liverpool, Ливерпуль"],
  ["Europe/Dublin", "Дублин"],
  ["Europe/Lisbon", "Лиссабон, Porto, Порту"],
  ["Europe/Madrid", "Мадрид, Barcelona, Барселона, Valencia, Валенсия, Malaga, Малага, Seville, Севилья"],
  ["Europe/Paris", "Париж, Lyon, Лион, Marseille, Марсель, Nice, Ницца"],
  ["Europe/Brussels", "Брюссель, Antwerp, Антверпен"],
  ["Europe/Amsterdam", "Амстердам, Rotterdam, Роттердам, The Hague, Гаага"],
  [
    "Europe/Berlin",
    "Берлин, Munich, München, Muenchen, Мюнхен, Hamburg, Гамбург, Frankfurt, Франкфурт, Cologne, Köln, Кельн",
  ],
  ["Europe/Berlin", "Düsseldorf, Дюссельдорф, Stuttgart, Штутгарт, Leipzig, Лейпциг, Dresden, Дрезден"],
  ["Europe/Zurich", "Цюрих, Geneva, Женева, Basel, Базель, Bern, Берн"],
  ["Europe/Vienna", "Вена, Wien"],
  [
    "Europe/Rome",
    "Рим, Roma, Milan, Milano, Милан, Naples, Неаполь, Turin, Турин, Florence, Флоренция, Venice, Венеция",
  ],
  ["Europe/Prague", "Прага, Brno, Брно"],
  ["Europe/Warsaw", "Варшава, Warszawa, Krakow, Краков, Gdansk, Гданьск, Wroclaw, Вроцлав"],
  ["Europe/Budapest", "Будапешт"],
  ["Europe/Bratislava", "Братислава"],
  ["Europe/Belgrade", "Белград, Novi Sad, Нови-Сад"],
  ["Europe/Podgorica", "Подгорица, Budva, Будва"],
  ["Europe/Zagreb", "Загреб"],
  ["Europe/Ljubljana", "Любляна"],
  ["Europe/Sofia", "София, Varna, Варна"],
  ["Europe/Bucharest", "Бухарест"],
  ["Europe/Athens", "Афины, Thessaloniki, Салоники"],
  ["Europe/Istanbul", "Стамбул, Ankara, Анкара, Antalya, Анталья, Анталия, Izmir, Измир"],
  ["Asia/Nicosia", "Никосия, Limassol, Лимассол, Лимасол, Larnaca, Ларнака, Paphos, Пафос"],
  ["Europe/Copenhagen", "Копенгаген"],
  ["Europe/Oslo", "Осло"],
  ["Europe/Stockholm", "Стокгольм, Gothenburg, Гетеборг"],
  ["Europe/Helsinki", "Хельсинки, Tampere, Тампере"],
  ["Atlantic/Reykjavik", "Рейкьявик"],
  [
    "America/New_York",
    "Нью-Йорк, Washington, Вашингтон, Boston, Бостон, Miami, Майами, Philadelphia, Филадельфия, Atlanta",
  ],
  ["America/New_York", "Атланта, Orlando, Орландо, NYC"],
  ["America/Detroit", "Детройт"],
  [
    "America/Chicago",
    "Чикаго, Houston, Хьюстон, Dallas, Даллас, Austin, Остин, New Orleans, Minneapolis, Миннеаполис",
  ],
  ["America/Denver", "Денвер, Salt Lake City"],
  ["America/Phoenix", "Финикс"],
  [
    "America/Los_Angeles",
    "Лос-Анджелес, San Francisco, Сан-Франциско, Seattle, Сиэтл, San Diego, Сан-Диего, Las Vegas",
  ],
  ["America/Los_Angeles", "Лас-Вегас, San Jose, Сан-Хосе, Portland, Портленд, LA"],
  ["Pacific/Honolulu", "Гонолулу, Hawaii, Гавайи"],
  ["America/Toronto", "Торонто, Montreal, Монреаль, Ottawa, Оттава"],
  ["America/Vancouver", "Ванкувер"],
  ["America/Edmonton", "Эдмонтон, Calgary, Калгари"],
  ["America/Mexico_City", "Мехико"],
  ["America/Bogota", "Богота"],
  ["America/Lima", "Лима"],
  ["America/Santiago", "Сантьяго"],
  ["America/Argentina/Buenos_Aires", "Буэнос-Айрес"],
  ["America/Sao_Paulo", "Сан-Паулу, Rio de Janeiro, Rio, Рио-де-Жанейро, Рио, Brasilia, Бразилиа"],
  ["Africa/Cairo", "Каир"],
  ["Africa/Lagos", "Лагос, Abuja, Абуджа"],
  ["Africa/Nairobi", "Найроби"],
  ["Africa/Johannesburg", "Йоханнесбург, Cape Town, Кейптаун"],
  ["Africa/Casablanca", "Касабланка"],
  ["Asia/Jerusalem", "Иерусалим, Tel Aviv, Тель-Авив, Haifa, Хайфа"],
  ["Asia/Beirut", "Бейрут"],
  ["Asia/Baghdad", "Багдад"],
  ["Asia/Riyadh", "Эр-Рияд, Jeddah, Джидда"],
  ["Asia/Qatar", "Доха, Doha, Катар"],
  ["Asia/Dubai", "Дубай, Abu Dhabi, Абу-Даби"],
  ["Asia/Tehran", "Тегеран"],
  ["Asia/Kabul", "Кабул"],
  ["Asia/Karachi", "Карачи, Lahore, Лахор, Islamabad, Исламабад"],
  [
    "Asia/Kolkata",
    "Delhi, New Delhi, Дели, Нью-Дели, Mumbai, Bombay, Мумбаи, Bangalore, Bengaluru, Бангалор, Chennai, Goa, Гоа",
  ],
  ["Asia/Kolkata", "Калькутта, Hyderabad, Хайдарабад"],
  ["Asia/Colombo", "Коломбо"],
  ["Asia/Kathmandu", "Катманду"],
  ["Asia/Dhaka", "Дакка"],
  ["Asia/Yangon", "Янгон"],
  ["Asia/Bangkok", "Бангкок, Phuket, Пхукет, Pattaya, Паттайя, Chiang Mai"],
  ["Asia/Ho_Chi_Minh", "Хошимин, Hanoi, Ханой, Da Nang, Дананг, Nha Trang, Нячанг"],
  ["Asia/Jakarta", "Джакарта"],
  ["Asia/Makassar", "Bali, Бали, Denpasar"],
  ["Asia/Kuala_Lumpur", "Куала-Лумпур"],
  ["Asia/Singapore", "Сингапур"],
  ["Asia/Manila", "Манила"],
  [
    "Asia/Shanghai",
    "Шанхай, Beijing, Peking, Пекин, Shenzhen, Шэньчжэнь, Guangzhou, Гуанчжоу, Chengdu, Чэнду",
  ],
  ["Asia/Hong_Kong", "Гонконг"],
  ["Asia/Taipei", "Тайбэй"],
  ["Asia/Ulaanbaatar", "Улан-Батор"],
  ["Asia/Seoul", "Сеул, Busan, Пусан"],
  ["Asia/Tokyo", "Токио, Osaka, Осака, Kyoto, Киото"],
  ["Australia/Perth", "Перт"],
  ["Australia/Brisbane", "Брисбен"],
  ["Australia/Melbourne", "Мельбурн"],
  ["Australia/Sydney", "Сидней, Canberra, Канберра"],
  ["Pacific/Auckland", "Окленд, Wellington, Веллингтон"],
];

/** Abbreviations of zones, many of them ambiguous. */
const LETTERS: Readonly<Record<string, readonly string[]>> = {
  utc: ["UTC"],
  gmt: ["UTC", "Europe/London"],
  z: ["UTC"],
  bst: ["Europe/London"],
  wet: ["Europe/Lisbon"],
  cet: ["Europe/Berlin"],
  cest: ["Europe/Berlin"],
  eet: ["Europe/Kyiv", "Europe/Athens", "Europe/Helsinki"],
  eest: ["Europe/Kyiv", "Europe/Athens", "Europe/Helsinki"],
  et: ["America/New_York"],
  est: ["America/New_York"],
  edt: ["America/New_York"],
  ct: ["America/Chicago"],
  cst: ["America/Chicago", "Asia/Shanghai"],
  cdt: ["America/Chicago"],
  mt: ["America/Denver"],
  mst: ["America/Denver", "America/Phoenix"],
  mdt: ["America/Denver"],
  pt: ["America/Los_Angeles"],
  pst: ["America/Los_Angeles"],
  pdt: ["America/Los_Angeles"],
  ist: ["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"],
  jst: ["Asia/Tokyo"],
  kst: ["Asia/Seoul"],
  sgt: ["Asia/Singapore"],
  hkt: ["Asia/Hong_Kong"],
  aest: ["Australia/Sydney", "Australia/Brisbane"],
  nzst: ["Pacific/Auckland"],
};

/** Offsets that are not full hours, with a zone that keeps them all year; in minutes ahead of UTC. */
const ODD_OFFSETS: Readonly<Record<number, string>> = {
  [-570]: "Pacific/Marquesas",
  [210]: "Asia/Tehran",
  [270]: "Asia/Kabul",
  [330]: "Asia/Kolkata",
  [345]: "Asia/Kathmandu",
  [390]: "Asia/Yangon",
  [525]: "Australia/Eucla",
  [570]: "Australia/Darwin",
};

const MOST_ZONES = 6;
/** Fewer letters match too many names. */
const SHORTEST_BEGINNING = 3;

/** Every zone, the more populous ones first. */
const ZONES: readonly string[] = [
  ...new Set([...COMMON_ZONES.map(({ zone }) => zone), ...CITIES.map(([zone]) => zone), ...CURRENT_ZONES]),
];

/** In deprecated names such as US/Eastern or GB, the last part is not a city. */
const REGIONS: ReadonlySet<string> = new Set(ZONES.map(regionOf));

/** City names for each zone, normalised by plain(), including the last part of its own name. */
const NAMES: readonly { name: string; zone: string }[] = [
  ...CITIES.flatMap(([zone, names]) => names.split(", ").map((name) => ({ name: plain(name), zone }))),
  ...ZONES.map((zone) => ({ name: plain(cityOf(zone)), zone })),
  ...[...FORMER_NAMES]
    .filter(([former]) => REGIONS.has(regionOf(former)))
    .map(([former, zone]) => ({ name: plain(cityOf(former)), zone })),
];

/** Full zone names, which match only as a whole: "Europe" is not a city. */
const WHOLE_NAMES: ReadonlyMap<string, string> = new Map([
  ...[...FORMER_NAMES].map(([former, zone]) => [plain(former), zone] as const),
  ...ZONES.map((zone) => [plain(zone), zone] as const),
]);

/**
 * Zones that a typed city, zone or offset can mean, best first, at most 6; none if nothing matches. Whole names come
 * before prefixes. An offset such as "UTC+3" becomes a zone without summer time: Etc/GMT-3, because the sign in those
 * names is inverted.
 */
export function findZones(typed: string): string[] {
  const offset = offsetIn(typed);
  if (offset !== null) return zonesAhead(offset);
  const wanted = plain(typed);
  const letters = LETTERS[wanted];
  if (letters) return [...letters];
  const named = WHOLE_NAMES.get(wanted);
  if (named) return [named];
  const exact = NAMES.filter(({ name }) => name === wanted);
  if (exact.length > 0) return distinct(exact);
  if (wanted.length < SHORTEST_BEGINNING) return [];
  return distinct(NAMES.filter(({ name }) => name.startsWith(wanted)));
}

function distinct(found: readonly { zone: string }[]): string[] {
  const zones = new Set(found.map(({ zone }) => zone));
  return ZONES.filter((zone) => zones.has(zone)).slice(0, MOST_ZONES);
}

function regionOf(zone: string): string {
  return zone.slice(0, zone.indexOf("/") + 1);
}

function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1);
}

/** Only lower-case letters without accents: "São Paulo", "sao-paulo" and "SaoPaulo" are the same. */
function plain(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Minutes ahead of UTC in "UTC+3", "GMT-5", "+5:30" and "МСК+2"; null if it is not an offset. */
function offsetIn(typed: string): number | null {
  const pattern = /^(?<base>utc|gmt|msk|мск)?\s*(?<sign>[+-])\s*(?<hours>\d{1,2})(?::?(?<minutes>[0-5]\d))?$/;
  const found = pattern.exec(
    typed
      .normalize("NFKC")
      .trim()
      .toLowerCase()
      .replace(/[‐‑‒–—−]/g, "-"),
  );
  if (!found?.groups) return null;
  const { base, sign, hours, minutes } = found.groups;
  const offset = (Number(hours) * 60 + Number(minutes ?? 0)) * (sign === "-" ? -1 : 1);
  return base === "msk" || base === "мск" ? offset + 180 : offset;
}

function zonesAhead(minutes: number): string[] {
  const odd = ODD_OFFSETS[minutes];
  if (odd) return [odd];
  const hours = minutes / 60;
  if (!Number.isInteger(hours) || hours < -12 || hours > 14) return [];
  if (hours === 0) return ["UTC"];
  return [`Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`];
}

/** Minutes by which a clock may be off, or the person slow. */
const TOLERANCE = 7;
const DAY = 24 * 60;

/**
 * Zones whose clocks show `hour:minute` at `now`, within 7 minutes, for "What time is it for you now?". Of zones that
 * keep the same time for the coming year, only the best known is listed. At most 6, the best known first.
 */
export function zonesShowing(hour: number, minute: number, now: Date): string[] {
  const showing = ZONES.filter((zone) => {
    const wall = wallOf(now, zone);
    const apart = (wall.hour * 60 + wall.minute - hour * 60 - minute + DAY) % DAY;
    return Math.min(apart, DAY - apart) <= TOLERANCE;
  });
  const ofItsKind = new Map<string, string>();
  for (const zone of showing) {
    const kind = changesOfYear(zone, now);
    if (!ofItsKind.has(kind)) ofItsKind.set(kind, zone);
  }
  return [...ofItsKind.values()].slice(0, MOST_ZONES);
}

/** The clock changes of a zone within a year, as a key: equal for zones that always show the same time. */
function changesOfYear(zone: string, now: Date): string {
  const [from, to] = [now.getTime(), now.getTime() + 366 * DAY * 60_000];
  const changes = changesBetween(from, to, zone).map((at) => `${at} ${offsetAt(at, zone)}`);
  return [offsetAt(from, zone), ...changes].join();
}
