import { readdirSync } from "node:fs";
import type { TestProject } from "vitest/node";

const SLOW = ".slow.test.ts";

/** Says in a run's last line which files it left out, and how to run them. */
export default function setup({ config }: TestProject): (() => void) | undefined {
  if (!config.exclude.some((pattern) => pattern.endsWith(SLOW))) return undefined;
  const files = readdirSync("test", { encoding: "utf8", recursive: true });
  const count = files.filter((file) => file.endsWith(SLOW)).length;
  return () => {
    process.stdout.write(
      `Left out: ${count} files, test/**/*${SLOW}, which wait for clocks and networks. npm run test:all runs them, too.\n`,
    );
  };
}
