import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { senders } from "../../src/db/schema.ts";
import { type ApiScene, apiScene } from "../support/api.ts";
import { until } from "../support/broadcast.ts";
import { SENDERS, SHOP, tokenOf } from "../support/carrying.ts";
import { OWNER_ID } from "../support/herald.ts";

/** Herald with a bot beside the home. */
async function withShop(): Promise<ApiScene> {
  const api = await apiScene(1, {
    listSenders: async () => SENDERS.filter(({ botId }) => botId === SHOP),
    prepare: ({ db, homeId }) => db.insert(senders).values({ botId: SHOP, homeId }),
  });
  api.telegram.bot(tokenOf(SHOP), { username: "shop_bot" });
  return api;
}

async function upload(
  { address, keys }: ApiScene,
  query: string,
  size = 100,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${address}/v1/media?kind=document&name=menu.pdf${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${keys.write}`, "content-type": "application/pdf" },
    body: randomBytes(size),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

/** What the bot has sent to the owner, as far as it is still there. */
const byShop = ({ telegram }: ApiScene) =>
  telegram.received(OWNER_ID).filter(({ from }) => from?.id === SHOP);

async function draftWith(api: ApiScene, id: unknown): Promise<number> {
  const content = { kind: "document", media: id, caption: "Our menu" };
  const { body } = await api.call("POST", "/v1/campaigns", { content, bot: SHOP });
  return body.number;
}

describe("a campaign of another bot", () => {
  test("lacks its file until it is tested; the test arrives by that bot, file name and all", async () => {
    const api = await withShop();
    const { id } = await upload(api, "");
    const number = await draftWith(api, id);
    const campaign = async () => (await api.call("GET", `/v1/campaigns/${number}`)).body;
    expect(await campaign()).toMatchObject({
      bot: SHOP,
      sendable: false,
      findings: [{ type: "files-missing", count: 1 }],
    });
    expect((await api.call("POST", `/v1/campaigns/${number}/test`, {})).body).toMatchObject({
      sendable: true,
      findings: [],
      faults: [],
    });
    expect(byShop(api)).toMatchObject([{ caption: "Our menu", document: { file_name: "menu.pdf" } }]);
  });

  test("cannot be tested by somebody who never started that bot: the answer has the link", async () => {
    const api = await withShop();
    const number = await draftWith(api, (await upload(api, "")).id);
    api.telegram.fault(
      { method: "sendDocument", token: tokenOf(SHOP) },
      { error: { error_code: 403, description: "Forbidden: bot can't initiate conversation with a user" } },
    );
    expect(await api.call("POST", `/v1/campaigns/${number}/test`, {})).toMatchObject({
      status: 409,
      body: {
        type: "urn:herald:problem:unreachable",
        detail: expect.stringContaining("https://t.me/shop_bot?start=herald"),
      },
    });
  });

  test("with a file above 20 MB is refused with the way out, and that way works", async () => {
    const api = await withShop();
    const large = 20 * 1_048_576 + 1;
    const number = await draftWith(api, (await upload(api, "", large)).id);
    const { body } = await api.call("POST", `/v1/campaigns/${number}/test`, {});
    expect(body).toMatchObject({ sendable: false, faults: [{ detail: expect.stringContaining("`bot`") }] });
    const again = await draftWith(api, (await upload(api, `&bot=${SHOP}`, large)).id);
    expect((await api.call("GET", `/v1/campaigns/${again}`)).body).toMatchObject({ sendable: true });
    await api.call("POST", `/v1/campaigns/${again}/test`, {});
    expect(byShop(api)).toHaveLength(1);
    expect(await upload(api, "&bot=5")).toMatchObject({ status: 422 });
  });
});

test("its review shows the post in that bot's chat, or the link to start it and Try again", async () => {
  const api = await withShop();
  const { owner, telegram } = api;
  const number = await draftWith(api, (await upload(api, "")).id);
  telegram.fault(
    { method: "sendDocument", token: tokenOf(SHOP) },
    { error: { error_code: 400, description: "Bad Request: chat not found" } },
  );
  await owner.sends(`/campaign ${number}`);
  const card = () => owner.holds.findLast(({ text = "" }) => text.includes(`#${number}`))?.text ?? "";
  await until(() => card().includes("https://t.me/shop_bot?start=herald"));
  expect(byShop(api)).toEqual([]);
  await owner.taps("Try again");
  await until(() => byShop(api).length === 1);
  await until(() => card().includes("From: @shop_bot"));
  expect(byShop(api)).toMatchObject([{ document: { file_name: "menu.pdf" } }]);
});
