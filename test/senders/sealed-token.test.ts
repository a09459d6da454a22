import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { DomainError } from "../../src/errors.ts";
import { botIdOf, maskTokens, tokensIn } from "../../src/senders/bot-token.ts";
import { sealToken, unsealToken } from "../../src/senders/sealed-token.ts";
import { KeyFileDamaged, readKeyFile, readOrMakeKeyFile } from "../../src/senders/secret-key.ts";
import { createTokenVault } from "../../src/senders/token-vault.ts";
import { secretKey } from "../support/herald.ts";
import { SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";

const KEY = secretKey(1);

async function freshPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "herald-key-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "data", "secret.key");
}

describe("a sealed token", () => {
  test("is opened by its key for its bot, and looks different each time", () => {
    const sealed = sealToken(KEY, SHOP_ID, SHOP_TOKEN);
    expect(unsealToken(KEY, SHOP_ID, sealed)).toBe(SHOP_TOKEN);
    expect(sealToken(KEY, SHOP_ID, SHOP_TOKEN)).not.toBe(sealed);
    expect(Buffer.from(sealed, "base64").toString("latin1")).not.toContain(SHOP_TOKEN.slice(-20));
  });

  test("is not opened by another key, nor for another bot", () => {
    const sealed = sealToken(KEY, SHOP_ID, SHOP_TOKEN);
    expect(unsealToken(secretKey(2), SHOP_ID, sealed)).toBeNull();
    expect(unsealToken(KEY, SHOP_ID + 1, sealed)).toBeNull();
  });

  test("is not opened after a single bit was changed, cut off or added anywhere", () => {
    const bytes = Buffer.from(sealToken(KEY, SHOP_ID, SHOP_TOKEN), "base64");
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(unsealToken(KEY, SHOP_ID, changed.toString("base64"))).toBeNull();
      expect(unsealToken(KEY, SHOP_ID, bytes.subarray(0, at).toString("base64"))).toBeNull();
    }
    expect(unsealToken(KEY, SHOP_ID, Buffer.concat([bytes, Buffer.of(0)]).toString("base64"))).toBeNull();
    expect(unsealToken(KEY, SHOP_ID, "")).toBeNull();
  });
});

describe("the key file", () => {
  test("is made once, for its user alone, and found again", async () => {
    const path = await freshPath();
    expect(await readKeyFile(path)).toBeNull();
    const [one, other] = await Promise.all([readOrMakeKeyFile(path), readOrMakeKeyFile(path)]);
    expect(one.equals(other)).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readKeyFile(path))?.equals(one)).toBe(true);
    expect(await readFile(path, "utf8")).toMatch(/^[\da-f]{64}\n$/);
  });

  test("that is damaged is neither used nor overwritten, and says what to do", async () => {
    const path = await freshPath();
    await readOrMakeKeyFile(path);
    await writeFile(path, "");
    await expect(readKeyFile(path)).rejects.toThrow(KeyFileDamaged);
    await expect(readOrMakeKeyFile(path)).rejects.toThrow("give each bot's token again in /bots");
    expect(await readFile(path, "utf8")).toBe("");
  });
});

describe("the vault", () => {
  test("makes no key before the first token", async () => {
    const path = await freshPath();
    const vault = createTokenVault({ type: "file", path });
    expect(await vault.open({ botId: SHOP_ID, sealedToken: null })).toBeNull();
    await expect(stat(path)).rejects.toThrow("ENOENT");
    const sealedToken = await vault.seal(SHOP_ID, SHOP_TOKEN);
    expect(await createTokenVault({ type: "file", path }).open({ botId: SHOP_ID, sealedToken })).toBe(
      SHOP_TOKEN,
    );
  });

  test("without its key has no token, and has it again once the key is back", async () => {
    const path = await freshPath();
    const sealedToken = await createTokenVault({ type: "file", path }).seal(SHOP_ID, SHOP_TOKEN);
    const kept = await readFile(path);
    await rm(path);
    const vault = createTokenVault({ type: "file", path });
    expect(await vault.open({ botId: SHOP_ID, sealedToken })).toBeNull();
    await writeFile(path, "gibberish");
    expect(await vault.open({ botId: SHOP_ID, sealedToken })).toBeNull();
    await expect(vault.seal(SHOP_ID, SHOP_TOKEN)).rejects.toThrow(DomainError);
    await writeFile(path, kept);
    await chmod(path, 0o600);
    expect(await vault.open({ botId: SHOP_ID, sealedToken })).toBe(SHOP_TOKEN);
  });

  test("without a place for a key takes no token, but knows those of the environment", async () => {
    const vault = createTokenVault({ type: "none" }, [SHOP_TOKEN]);
    expect(vault.configuredIds).toEqual([SHOP_ID]);
    expect(await vault.open({ botId: SHOP_ID, sealedToken: null })).toBe(SHOP_TOKEN);
    await expect(vault.seal(SHOP_ID, SHOP_TOKEN)).rejects.toMatchObject({ code: "no-secret-key" });
  });
});

describe("tokens in texts", () => {
  test("are found in @BotFather's message, and masked with their length", () => {
    const text = `Use this token to access the HTTP API:\n${SHOP_TOKEN}\nKeep it secure.`;
    expect(tokensIn(text)).toEqual([SHOP_TOKEN]);
    const masked = maskTokens(text);
    expect(masked).toHaveLength(text.length);
    expect(masked).toContain(`${SHOP_ID}:*`);
    expect(tokensIn(masked)).toEqual([]);
  });

  test.each([
    "Monday 10:00",
    "http://localhost:8080/a_path_that_is_long_enough",
    "16:9",
    "2026-11-30T10:00:00Z",
    "score 12345:67890",
    "tg://user?id=123456789",
  ])("%s has none", (text) => {
    expect(tokensIn(text)).toEqual([]);
    expect(maskTokens(text)).toBe(text);
  });

  test.each(["", "shop", ":AAF", "0:AAF", "12 34:AAF", `${"9".repeat(16)}:AAF`])("%j is no token", (text) => {
    expect(botIdOf(text)).toBeNull();
  });
});
