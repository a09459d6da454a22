import { expect, test } from "vitest";
import { createFlight } from "../../src/delivery/pace/flight.ts";

/** As many calls as it takes for the average to follow. */
function answers(flight: ReturnType<typeof createFlight>, latencyMs: number | null, count = 300): void {
  for (let call = 0; call < count; call++) {
    flight.begin();
    flight.end(latencyMs);
  }
}

test.each([
  [28, 60, 4, 16],
  [1_000, 60, 60, 130],
  [1_000, 120, 120, 250],
  [1_000, 5_000, 300, 300],
])(
  "at %i a second and %i ms, there is room for as many calls as that needs, and not many more",
  (rate, ms, least, most) => {
    const flight = createFlight(() => rate);
    answers(flight, ms);
    expect(flight.most).toBeGreaterThanOrEqual(least);
    expect(flight.most).toBeLessThanOrEqual(most);
  },
);

test("a network that swallows calls gets no more of them", () => {
  const flight = createFlight(() => 1_000);
  answers(flight, 60);
  const before = flight.most;
  answers(flight, null);
  expect(flight.most).toBe(before);
});

test("a call that finds no room waits until another one is answered", async () => {
  const flight = createFlight(() => 1);
  answers(flight, 10);
  while (flight.count < flight.most) flight.begin();
  let came = false;
  const waiting = flight.room().then(() => (came = true));
  await new Promise(setImmediate);
  expect(came).toBe(false);
  flight.end(10);
  await waiting;
  expect(flight.count).toBeLessThan(flight.most);
});
