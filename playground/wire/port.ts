/** The highest port number. */
export const LAST_PORT = 65_535;

/** Whether a server could not listen because its port is in use. Also true for the error made from `taken`, whose cause it is. */
export function isTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === "EADDRINUSE") || isTaken(error.cause);
}

/** Tells the user that the port is in use, and what to do. */
export function taken(port: number): string {
  const another = port < LAST_PORT ? port + 1 : port - 1;
  return `Port ${port} is taken by another program. Stop it, or choose another port, for example --port ${another}.`;
}
