import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const find = () => execFileSync("sh", ["-c", "command -v nginx || true"], { encoding: "utf8" }).trim();

/** Installed (Debian, as root) if it is missing. */
function program(): string {
  if (!find()) execFileSync("apt-get", ["install", "-y", "-qq", "nginx-light"], { stdio: "ignore" });
  return find();
}

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

export interface Nginx {
  /** Like an operator's `nginx -s reload`: new workers take over, and the old ones close idle connections. */
  reload(): void;
}

/**
 * Runs `work` next to a real nginx with its own configuration. `http` returns the contents of the `http` block, and may
 * keep files in the folder, which is deleted afterwards.
 */
export async function withNginx<T>(
  http: (folder: string) => string,
  work: (nginx: Nginx) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync("/tmp/herald-nginx-");
  const configuration = `${folder}/nginx.conf`;
  writeFileSync(
    configuration,
    `daemon off; worker_processes 2; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 2048; }
    http {
      access_log off;
      ${TEMPORARY.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(" ")}
      ${http(folder)}
    }`,
  );
  const child = spawn(program(), ["-p", folder, "-c", configuration], { stdio: "ignore" });
  try {
    await sleep(500);
    return await work({ reload: () => void child.kill("SIGHUP") });
  } finally {
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true });
  }
}
