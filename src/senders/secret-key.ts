import { type KeyObject, createSecretKey, hkdfSync, randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";

/*
 * The key that seals bots' tokens: from SECRET_KEY, or else from a file in DATA_DIR that is made for the first token. Both
 * hold 32 random bytes as 64 hexadecimal digits.
 */

/** The name of the file in DATA_DIR. */
export const KEY_FILE = "secret.key";

const BYTES = 32;

/** Of 32 random bytes, 30 differ on average, and fewer than this once in 10^16 keys; a typed key has fewer. */
const FEWEST_DIFFERENT = 16;

/** Where the key comes from. `none`: there is no folder that stays. */
export type KeySource = { type: "given"; key: KeyObject } | { type: "file"; path: string } | { type: "none" };

/** The file does not hold a key. The message says what to do. */
export class KeyFileDamaged extends Error {
  override readonly name = "KeyFileDamaged";
}

/** Reads a key as SECRET_KEY holds it; or what is wrong with it. */
export function parseSecretKey(text: string): KeyObject | "malformed" | "weak" {
  if (!/^[\da-f]{64}$/i.test(text)) return "malformed";
  const bytes = Buffer.from(text, "hex");
  if (new Set(bytes).size < FEWEST_DIFFERENT) return "weak";
  // Derived, so that the same secret can serve another purpose later.
  return createSecretKey(Buffer.from(hkdfSync("sha256", bytes, "", "herald bot tokens", BYTES)));
}

/**
 * The key in the file; null if there is none.
 * @throws KeyFileDamaged
 */
export async function readKeyFile(path: string): Promise<KeyObject | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const key = parseSecretKey(text.trim());
  if (typeof key !== "string") return key;
  throw new KeyFileDamaged(
    `${path} does not hold a key. Put it back from a copy; without one, delete it, and give each bot's token again in /bots.`,
  );
}

/**
 * The key in the file, which is made if there is none: readable by this user only, and whole or not at all.
 * @throws KeyFileDamaged
 */
export async function readOrMakeKeyFile(path: string): Promise<KeyObject> {
  const known = await readKeyFile(path);
  if (known) return known;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(`${randomBytes(BYTES).toString("hex")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path); // fails where another process was first
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKeyFile(path);
  if (!made) throw new Error(`${path} was deleted as soon as it was made`);
  return made;
}
