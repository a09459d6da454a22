import type { Used } from "../../campaign/actions/use-directly.ts";
import { Problem } from "../core/problem.ts";
import { faultsToJson } from "./campaign-json.ts";

/**
 * What a post was put to use for.
 * @throws Problem 409 that says what is wrong with the post
 */
export function valueOf<T>(used: Used<T>): T {
  if (used.type === "used") return used.value;
  const { findings } = used;
  const faults = faultsToJson(used.faults);
  const [fault] = faults;
  const error = findings.find(({ level }) => level === "error");
  const why = error ? `findings say why (${error.type})` : `Telegram refuses it: ${fault?.detail ?? ""}`;
  throw new Problem(409, "unsendable", `The post cannot be used as it is: ${why}. Nothing has changed.`, {
    more: { findings, faults },
  });
}
