import { LAST_PORT } from "./options.ts";

/** Whether a server cannot listen because another program does; of the sentence for that, too, which has it as its cause. */
export function isTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === "EADDRINUSE") || isTaken(error.cause);
}

/** What to do then. */
export function taken(port: number): string {
  const another = port < LAST_PORT ? port + 1 : port - 1;
  return `Port ${port} is taken by another program. Stop it, or choose another port, for example --port ${another}.`;
}
