import type { Message } from "@grammyjs/types";
import { badRequest } from "../wire/refusal.ts";
import type { Call } from "./call.ts";
import { send } from "./send.ts";

export function sendContact(call: Call): Message {
  const { params } = call;
  const [phone, first] = [params.text("phone_number") ?? "", params.text("first_name") ?? ""];
  if (phone === "") throw badRequest("phone number is empty");
  if (first === "") throw badRequest("first name is empty");
  const [last, vcard] = [params.text("last_name"), params.text("vcard")];
  const contact = {
    phone_number: phone,
    first_name: first,
    ...(last !== undefined && { last_name: last }),
    ...(vcard !== undefined && { vcard }),
  };
  return send(call, { contact });
}
