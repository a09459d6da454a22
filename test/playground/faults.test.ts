import { expect, test } from "vitest";
import { ERRORS, tooManyRequests } from "../../playground/server/faults.ts";
import { apiFor, refusalOf, telegramFor } from "./harness.ts";

async function scene() {
  const telegram = await telegramFor({ limits: "none" });
  const [ada, bob] = [telegram.person({ started: true }), telegram.person({ started: true })];
  return { telegram, ada, bob, api: apiFor(telegram, undefined, 0.6) };
}

test("an ordered error is answered once and nothing arrives", async () => {
  const { telegram, ada, api } = await scene();
  const fault = telegram.fault({ method: "sendMessage" }, { error: ERRORS.deactivated });
  expect(await refusalOf(api.sendMessage(ada.id, "x"))).toBe("403 Forbidden: user is deactivated");
  expect(ada.holds).toEqual([]);
  expect(await refusalOf(api.sendMessage(ada.id, "x"))).toBe("accepted");
  expect(fault.hits).toBe(1);
});

test("an ordered 429 carries retry_after and is not counted as the limiter's", async () => {
  const { telegram, ada, api } = await scene();
  telegram.fault({}, { error: tooManyRequests(3600) });
  await expect(api.sendMessage(ada.id, "x")).rejects.toMatchObject({ parameters: { retry_after: 3600 } });
  expect(telegram.tooMany).toBe(0);
});

test("a fault strikes only the calls that match, after so many, so many times", async () => {
  const { telegram, ada, bob, api } = await scene();
  const fault = telegram.fault(
    { method: /^send/, chat: ada.id, after: 1, times: 2 },
    { error: ERRORS.blocked },
  );
  const outcomes: boolean[] = [];
  for (let sent = 0; sent < 4; sent += 1) {
    expect(await refusalOf(api.sendMessage(bob.id, "x"))).toBe("accepted");
    outcomes.push((await refusalOf(api.sendMessage(ada.id, "x"))) === "accepted");
  }
  expect(outcomes).toEqual([true, false, false, true]);
  expect(fault.hits).toBe(2);
});

test("an endless fault ends when it is removed", async () => {
  const { telegram, ada, api } = await scene();
  const fault = telegram.fault({ times: Infinity }, { error: ERRORS.internal });
  for (let sent = 0; sent < 3; sent += 1)
    expect(await refusalOf(api.sendMessage(ada.id, "x"))).toContain("500");
  fault.remove();
  expect(await refusalOf(api.sendMessage(ada.id, "x"))).toBe("accepted");
  expect(fault.hits).toBe(3);
});

test("a cut before leaves nothing, a cut after leaves the message; the client cannot tell", async () => {
  const { telegram, ada, api } = await scene();
  telegram.fault({ method: "sendMessage" }, { cut: "before" });
  expect(await refusalOf(api.sendMessage(ada.id, "before"))).toBe("HttpError");
  expect(ada.holds).toEqual([]);
  telegram.fault({ method: "sendMessage" }, { cut: "after" });
  expect(await refusalOf(api.sendMessage(ada.id, "after"))).toBe("HttpError");
  expect(ada.holds.map((message) => message.text)).toEqual(["after"]);
  expect(telegram.calls.map((call) => call.ok)).toEqual([false, true]);
});

test("a short hang answers late, and the message is there meanwhile", async () => {
  const { telegram, ada } = await scene();
  telegram.fault({}, { hang: 600 });
  const before = performance.now();
  let isAnswered = false;
  const sent = apiFor(telegram)
    .sendMessage(ada.id, "x")
    .then(() => (isAnswered = true));
  await ada.sees("x");
  expect(isAnswered).toBe(false);
  await sent;
  expect(performance.now() - before).toBeGreaterThan(580);
});

test.each([true, false])(
  "a hang without end times out; with accept %s the message is there or not",
  async (accept) => {
    const { telegram, ada, api } = await scene();
    telegram.fault({}, { hang: "forever", accept });
    expect(await refusalOf(api.sendMessage(ada.id, "x"))).toBe("HttpError");
    expect(ada.holds).toHaveLength(accept ? 1 : 0);
  },
);

test("a gateway may answer with HTML instead of Telegram", async () => {
  const { telegram, ada, api } = await scene();
  telegram.fault({}, { status: 502, body: "<html>Bad Gateway</html>" });
  expect(await refusalOf(api.sendMessage(ada.id, "x"))).toBe("HttpError");
  expect(ada.holds).toEqual([]);
  telegram.fault({}, { status: 502, body: "<html>Bad Gateway</html>" });
  const response = await fetch(`${telegram.apiRoot}/bot1:x/getMe`);
  expect([response.status, await response.text()]).toEqual([502, "<html>Bad Gateway</html>"]);
});

test("offline refuses connections and breaks open polls; online continues with what was there", async () => {
  const { telegram, ada, api } = await scene();
  await api.sendMessage(ada.id, "1");
  const poll = refusalOf(apiFor(telegram).getUpdates({ timeout: 5 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await telegram.offline();
  expect(await poll).toBe("HttpError");
  await expect(fetch(`${telegram.apiRoot}/bot1:x/getMe`)).rejects.toMatchObject({
    cause: { code: "ECONNREFUSED" },
  });
  await ada.sends("are you there?");
  await telegram.online();
  await api.sendMessage(ada.id, "2");
  expect(telegram.received(ada.id).map((message) => message.text)).toEqual(["1", "2"]);
  expect(await apiFor(telegram).getUpdates()).toHaveLength(1);
});

test("latency delays every call and lets them run side by side", async () => {
  const { telegram, ada, api } = await scene();
  telegram.latency = 100;
  const before = performance.now();
  await Promise.all(Array.from({ length: 10 }, () => api.sendMessage(ada.id, "x")));
  const took = performance.now() - before;
  expect(took).toBeGreaterThan(95);
  expect(telegram.mostAtOnce).toBe(10);
});

test("odd input is refused and the server lives on", async () => {
  const { telegram, api } = await scene();
  const response = await fetch(`${telegram.apiRoot}/bot1:x/sendMediaGroup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chat_id: { odd: true }, media: [null, 7, "x"] }),
  });
  expect(response.status).toBe(400);
  expect((await api.getMe()).is_bot).toBe(true);
});
