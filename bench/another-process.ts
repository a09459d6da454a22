import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The same program in another process, which ends with this one, and the first message that it sends. */
export async function another(
  program: string,
  args: readonly string[],
  execArgv: readonly string[] = [],
): Promise<{ child: ChildProcess; said: unknown }> {
  const child = fork(fileURLToPath(program), args, { execArgv: [...process.execArgv, ...execArgv] });
  process.once("exit", () => child.kill("SIGKILL"));
  const [said] = (await once(child, "message")) as [unknown];
  return { child, said };
}

/** Sends it a question. Only one at a time, so the next message is the answer. */
export async function ask<T>(child: ChildProcess, question: string): Promise<T> {
  child.send(question);
  const [answer] = (await once(child, "message")) as [T];
  return answer;
}
