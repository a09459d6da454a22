import { type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { atEnd } from "./herald.ts";

/** A request that a webhook's receiver got. */
export interface Received {
  id: string;
  /** Seconds since 1970, as it was signed. */
  timestamp: number;
  signature: string;
  body: string;
  // Tests read fields of several events.
  // oxlint-disable-next-line typescript/no-explicit-any
  payload: any;
}

export interface Receiver {
  url: string;
  got: Received[];
  /** What it answers from now on, and how long after; null answers nothing. */
  answers(status: number | null, headers?: Record<string, string>): void;
  /** Holds its answers back until what is returned is called. */
  answersLater(status: number): () => void;
  /** The types of what it got, each event once, in the order in which they came first. */
  types(): string[];
}

/** A receiver of webhooks on this machine, which answers 204 unless told otherwise. */
export async function receiver(): Promise<Receiver> {
  const got: Received[] = [];
  let answer: { status: number | null; headers: Record<string, string> } = { status: 204, headers: {} };
  let held: ServerResponse[] | null = null;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const { headers } = request;
      got.push({
        id: String(headers["webhook-id"]),
        timestamp: Number(String(headers["webhook-timestamp"])),
        signature: String(headers["webhook-signature"]),
        body,
        payload: JSON.parse(body),
      });
      if (held) held.push(response);
      else if (answer.status !== null) response.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    got,
    answers(status, headers = {}) {
      answer = { status, headers };
    },
    answersLater(status) {
      const waiting: ServerResponse[] = [];
      held = waiting;
      return () => {
        held = null;
        answer = { status, headers: {} };
        for (const response of waiting) response.writeHead(status).end();
      };
    },
    types: () => [...new Map(got.map(({ id, payload }) => [id, payload.type as string])).values()],
  };
}

/** Whether a request is signed with this secret, whatever its age. */
export function isSignedWith(secret: string, { id, timestamp, signature, body }: Received): boolean {
  const expected = new Webhook(secret).sign(id, new Date(timestamp * 1_000), body);
  return signature.split(" ").includes(expected);
}
