import type { Message } from "@grammyjs/types";
import type { MessageBody } from "../content/message-body.ts";
import { badRequest } from "../wire/refusal.ts";
import type { Call } from "./call.ts";
import { send } from "./send.ts";

/** How many values each dice has (Bot API, "Dice"). */
const FACES: Record<string, number> = { "🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64 };

export function sendDice(call: Call): Message {
  const emoji = (call.params.text("emoji") ?? "🎲").replace("\uFE0F", "");
  const faces = FACES[emoji];
  if (faces === undefined) throw badRequest("wrong dice emoji specified");
  const dice: MessageBody["dice"] = { emoji, value: 1 + Math.floor(Math.random() * faces) };
  return send(call, { dice });
}
