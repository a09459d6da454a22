import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { Webhook as Signer } from "standardwebhooks";
import { PrivateAddress, checkedLookup, isPublicAddress } from "../../public-address.ts";
import { isExempt, withoutBrackets } from "../../telegram/proxy.ts";
import { VERSION } from "../../version.ts";
import type { Attempt, Receiver, WebhookMessage } from "../webhook-messages.ts";
import { addressFault } from "../webhook-address.ts";

/** From the first byte sent to the status of the answer. */
const PATIENCE_MS = 15_000;
/** A receiver that answers with more than this is cut off; nothing of it is kept. */
const MOST_BYTES = 65_536;

/**
 * One attempt: posts a message, signed by Standard Webhooks at `now`, over a connection of its own. Redirects are not
 * followed. Not through a proxy: a name is resolved here, and only an address that has been checked is connected to. Null if
 * `stop` aborted it.
 */
export async function postMessage(
  receiver: Receiver,
  { eventId, payload }: Pick<WebhookMessage, "eventId" | "payload">,
  { allowed, now, stop }: { allowed: string; now: Date; stop: AbortSignal },
): Promise<Attempt | null> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    // WEBHOOK_ALLOW may have been changed since the webhook was made.
    if (addressFault(receiver.url, allowed)) throw new PrivateAddress("not an address that may be called");
    const headers = {
      "content-type": "application/json",
      "user-agent": `Herald/${VERSION} (webhooks)`,
      "webhook-id": eventId,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
      "webhook-signature": signaturesOf(receiver, eventId, payload, now),
    };
    const status = await post(
      new URL(receiver.url),
      payload,
      headers,
      allowed,
      AbortSignal.any([patience, stop]),
    );
    return { at: now, status, fault: null };
  } catch (error) {
    if (stop.aborted) return null;
    return { at: now, status: null, fault: patience.aborted ? "timeout" : faultOf(error) };
  }
}

/** By each secret that is valid, separated by blanks. */
function signaturesOf(
  { secret, previousSecret, previousUntil }: Receiver,
  eventId: string,
  payload: string,
  now: Date,
): string {
  const isOverlap = previousSecret !== null && previousUntil !== null && now < previousUntil;
  return [secret, ...(isOverlap ? [previousSecret] : [])]
    .map((one) => new Signer(one).sign(eventId, now, payload))
    .join(" ");
}

function faultOf(error: unknown): NonNullable<Attempt["fault"]> {
  if (error instanceof PrivateAddress) return "private-address";
  const { code = "" } = error as NodeJS.ErrnoException;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "unknown-host";
  if (code.includes("CERT") || code.startsWith("ERR_TLS") || code.startsWith("ERR_SSL") || code === "EPROTO")
    return "tls";
  return "no-connection";
}

/** Resolves with the status. */
function post(
  url: URL,
  body: string,
  headers: http.OutgoingHttpHeaders,
  allowed: string,
  signal: AbortSignal,
): Promise<number> {
  const host = withoutBrackets(url.hostname);
  const isNamed = !isIP(host) && isExempt(host, allowed);
  const isAllowed = (address: string) => isNamed || isPublicAddress(address) || isExempt(address, allowed);
  return new Promise((resolve, reject) => {
    const call = (url.protocol === "https:" ? https : http).request(url, {
      method: "POST",
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
      agent: false,
      lookup: checkedLookup(isAllowed),
      signal,
    });
    call.on("error", reject);
    call.on("response", (answer) => {
      let bytes = 0;
      answer.on("data", (part: Buffer) => {
        bytes += part.length;
        if (bytes > MOST_BYTES) answer.destroy();
      });
      answer.on("error", () => answer.destroy());
      resolve(answer.statusCode ?? 0);
    });
    call.end(body);
  });
}
