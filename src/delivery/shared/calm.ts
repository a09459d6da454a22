/**
 * How often to look for work while nothing is sent, in ms. On a server, other processes change campaigns as well, and what
 * they say of it may get lost. Each look wakes two processes, which is what an idle Herald's CPU is spent on.
 */
const CALM_MS = { embedded: 5_000, server: 1_000 };

/**
 * How often to look for campaigns to start on the embedded database while nothing is sent, in ms. Only this process changes
 * them, and each change pokes the engine at once. Running campaigns are still listed every CALM_MS: after the database went
 * back to an older state, one that had ended may be running again.
 */
const LOOK_MS = 30_000;

interface Calm {
  exclusive: boolean;
  calmMs?: number;
}

/** How long the engine's loops wait while nothing is sent, in ms. */
export function calmMsOf({ exclusive, calmMs }: Calm): number {
  return calmMs ?? (exclusive ? CALM_MS.embedded : CALM_MS.server);
}

/** How long campaigns to start are not asked for while nothing is sent, in ms. */
export function lookMsOf(parts: Calm): number {
  return Math.max(calmMsOf(parts), parts.exclusive ? LOOK_MS : 0);
}
