import { IN_FLIGHT, contend, createSender } from "./contender.ts";

/*
 * What one writes by hand: a loop over the chats, with grammY, that stores nothing. If it is killed and started again,
 * it begins with the first chat.
 */
await contend({
  setUp: async () => undefined,
  enqueue: async () => undefined,
  async send({ apiRoot, count }) {
    const sendTo = createSender(apiRoot);
    let next = 1;
    const worker = async () => {
      while (next <= count) await sendTo(next++);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    return [];
  },
});
