import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
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

export interface Front extends Nginx {
  apiRoot: string;
  certificate: string;
}

/** Runs `work` with an nginx in front of the `upstream` port that speaks TLS. `settings` go into its `http` block. */
export async function withTls<T>(
  upstream: number,
  settings: string,
  work: (front: Front) => Promise<T>,
): Promise<T> {
  const port = await freePort();
  let certificate = "";
  const http = (folder: string) => {
    certificate = `${folder}/cert.pem`;
    const key = `${folder}/key.pem`;
    sign(certificate, key);
    return `
      ${settings}
      upstream bot_api { server 127.0.0.1:${upstream}; keepalive 256; }
      server {
        listen 127.0.0.1:${port} ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key};
        location / {
          proxy_pass http://bot_api; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_read_timeout 70s;
        }
      }`;
  };
  return withNginx(http, (nginx) => work({ ...nginx, apiRoot: `https://localhost:${port}`, certificate }));
}

function sign(certificate: string, key: string): void {
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const files = ["-keyout", key, "-out", certificate];
  const options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...files, ...subject];
  execFileSync("openssl", ["req", ...options], { stdio: "ignore" });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}
