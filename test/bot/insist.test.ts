import { GrammyError, HttpError } from "grammy";
import { expect, test } from "vitest";
import { insist } from "../../src/bot/notices/insist.ts";
import { manualClock } from "../support/clock.ts";

const refusal = (code: number, seconds?: number) =>
  new GrammyError(
    "refused",
    {
      ok: false,
      error_code: code,
      description: "",
      ...(seconds !== undefined && { parameters: { retry_after: seconds } }),
    },
    "sendMessage",
    {},
  );

/** Says it to a Telegram that fails in these ways first. Notes when it was tried. */
function saying(failures: Error[], stop = new AbortController()) {
  const clock = manualClock();
  const tried: number[] = [];
  const said = insist(
    async () => {
      tried.push(clock.monotonic());
      const failure = failures.shift();
      if (failure) throw failure;
    },
    clock,
    stop.signal,
  ).then(
    () => "said",
    () => "not said",
  );
  return { clock, tried, said };
}

test("calls that Telegram puts off or does not answer are made again later", async () => {
  const { clock, tried, said } = saying([
    refusal(429, 300),
    new HttpError("gone", new Error()),
    refusal(502),
  ]);
  await clock.advance(299_000);
  expect(tried).toHaveLength(1);
  await clock.advance(60_000);
  expect(await said).toBe("said");
  expect(tried).toHaveLength(4);
});

test.each([400, 401, 403])("a %i is final", async (code) => {
  const { clock, tried, said } = saying([refusal(code)]);
  await clock.advance(600_000);
  expect(await said).toBe("not said");
  expect(tried).toHaveLength(1);
});

test("a stop ends it", async () => {
  const stop = new AbortController();
  const { clock, tried, said } = saying([refusal(429, 300)], stop);
  await clock.advance(1_000);
  stop.abort();
  expect(await said).toBe("not said");
  expect(tried).toHaveLength(1);
});
