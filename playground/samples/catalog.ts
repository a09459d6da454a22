import type { Sample } from "../shared/protocol.ts";
import type { PostFields } from "../people/post.ts";
import { autumnSale, forwardedPost, priceList, richNews } from "./northwind.ts";

/** A sample, and what it sends: one post, or the parts of an album. */
export interface Recipe extends Sample {
  make: () => PostFields[];
}

const CAFE = { latitude: 59.913868, longitude: 10.752245 };

/** Content that people can send without having any: posts of a small coffee roaster, in menu order. */
const RECIPES: readonly Recipe[] = [
  captioned("photo", "🖼️", () => [{ photo: { width: 1280, height: 853 } }]),
  captioned("video", "🎬", () => [
    { video: { width: 1280, height: 720, duration: 24, file_name: "roasting-day.mp4" } },
  ]),
  captioned("gif", "🎞️", () => [
    { animation: { width: 640, height: 480, duration: 4, file_name: "pour-over.mp4" } },
  ]),
  captioned("live_photo", "📸", () => [{ live_photo: { width: 1280, height: 853 } }]),
  captioned("album", "🏞️", () => [
    { photo: { width: 1280, height: 853 } },
    { photo: { width: 853, height: 1280 } },
    { photo: { width: 1280, height: 960 } },
  ]),
  captioned("mixed_album", "🎥", () => [
    { video: { width: 1280, height: 720, duration: 18 } },
    { photo: { width: 1280, height: 853 } },
    { photo: { width: 1024, height: 1024 } },
    { photo: { width: 1280, height: 853 } },
  ]),
  captioned("file", "📄", () => [{ document: priceList() }]),
  captioned("files", "🗂️", () => [
    { document: priceList() },
    { document: { file_name: "wholesale-terms.txt", content: TERMS } },
    { document: { file_name: "brewing-guide.txt", content: GUIDE } },
  ]),
  captioned("music", "🎵", () => [
    {
      audio: {
        title: "First Light",
        performer: "The Grinders",
        duration: 214,
        file_name: "first-light.mp3",
      },
    },
  ]),
  captioned("voice", "🎙️", () => [{ voice: { duration: 17 } }]),
  plain("video_note", "🔵", () => [{ video_note: { width: 384, duration: 9 } }]),
  plain("sticker", "😀", () => [{ sticker: true }]),
  plain("formatted", "🖋️", () => [autumnSale()]),
  plain("rich", "📰", () => [richNews()]),
  plain("forward", "↪️", () => [forwardedPost()]),
  plain("poll", "📊", () => [
    {
      poll: {
        question: "Which single origin should we roast next?",
        options: ["Ethiopia Guji", "Colombia Huila", "Kenya Nyeri"],
      },
    },
  ]),
  plain("public_poll", "🗳️", () => [
    {
      poll: {
        question: "Who comes to the tasting on Friday?",
        options: ["I’ll be there", "Not this time"],
        is_anonymous: false,
      },
    },
  ]),
  plain("several", "☑️", () => [
    {
      poll: {
        question: "How do you brew at home?",
        options: ["Pour-over", "Espresso", "French press", "AeroPress", "Moka pot"],
        allows_multiple_answers: true,
      },
    },
  ]),
  plain("quiz", "🎓", () => [
    {
      poll: {
        question: "Which of these coffees has the most caffeine?",
        options: ["Light roast", "Dark roast", "It depends on the bean more than on the roast"],
        type: "quiz",
        correct_option_ids: [2],
        explanation: "Robusta holds about twice as much caffeine as arabica, however dark it is roasted.",
      },
    },
  ]),
  plain("checklist", "✅", () => [
    {
      checklist: {
        title: "Opening the roastery",
        tasks: [
          { id: 1, text: "Warm up the roaster" },
          { id: 2, text: "Weigh the green beans" },
          { id: 3, text: "Cup yesterday’s batch" },
          { id: 4, text: "Water the fig tree" },
        ],
      },
    },
  ]),
  plain("location", "📍", () => [{ location: CAFE }]),
  plain("venue", "☕", () => [
    { venue: { location: CAFE, title: "Northwind Coffee", address: "Havnegata 7, Oslo" } },
  ]),
  plain("contact", "👤", () => [
    { contact: { phone_number: "+4721000000", first_name: "Ingrid", last_name: "Northwind" } },
  ]),
  plain("dice", "🎲", () => [{ dice: { emoji: "🎲", value: 1 + Math.floor(Math.random() * 6) } }]),
];

/** For the menu. */
export const SAMPLES: Sample[] = RECIPES.map(({ name, icon, captioned }) => ({
  name,
  icon,
  captioned,
}));

/** Throws if there is no sample of this name. */
export function sampleNamed(name: string): Recipe {
  const found = RECIPES.find((recipe) => recipe.name === name);
  if (found === undefined)
    throw new Error(`There is no sample "${name}". There are ${RECIPES.map((one) => one.name).join(", ")}.`);
  return found;
}

function captioned(name: string, icon: string, make: () => PostFields[]): Recipe {
  return { name, icon, captioned: true, make };
}

function plain(name: string, icon: string, make: () => PostFields[]): Recipe {
  return { name, icon, captioned: false, make };
}

const TERMS = `Northwind Coffee: wholesale terms

Orders by Tuesday noon are roasted on Wednesday and leave on Thursday.
From 10 kg we deliver free of charge within Oslo.
Beans that you do not like we take back, opened or not, within 30 days.
`;

const GUIDE = `Northwind Coffee: the pour-over

1. Grind 18 g of beans, a little coarser than sand.
2. Rinse the filter with hot water.
3. Pour 40 g of water at 94 °C and wait 30 seconds.
4. Pour up to 300 g in slow circles. It takes about three minutes.
`;
