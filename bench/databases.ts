import { once } from "node:events";
import { connect } from "node:net";
import postgres from "postgres";

/** The server on which databases are created. The user must be allowed to create them, and to run CHECKPOINT. */
export const SERVER = process.env["BENCH_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
export const REDIS = process.env["BENCH_REDIS_URL"] ?? "redis://127.0.0.1:6379";

/** Gives `work` the address of a new database, and drops the database afterwards. */
export async function withDatabase<T>(name: string, work: (url: string) => Promise<T>): Promise<T> {
  const database = `herald_bench_${name.replaceAll("-", "_")}`;
  const url = new URL(SERVER);
  url.pathname = database;
  await onServer(`drop database if exists ${database} with (force)`, `create database ${database}`);
  try {
    return await work(url.href);
  } finally {
    await onServer(`drop database if exists ${database} with (force)`);
  }
}

/** Does what autovacuum would do within a minute, so that no contender is measured with plans for empty tables. */
export async function settleDown(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await client.unsafe("vacuum analyze");
    await client.unsafe("checkpoint");
  } finally {
    await client.end();
  }
}

export async function postgresVersion(): Promise<string> {
  const client = postgres(SERVER, { max: 1 });
  try {
    const [row] = await client`select current_setting('server_version') as version`;
    return String(row?.["version"]).split(" ")[0] ?? "";
  } finally {
    await client.end();
  }
}

/** Null if no Redis answers; BullMQ is then left out. */
export async function redisVersion(): Promise<string | null> {
  const { hostname, port } = new URL(REDIS);
  const socket = connect(Number(port || 6379), hostname);
  try {
    await once(socket, "connect");
    socket.write("INFO server\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    return /redis_version:(\S+)/.exec(answer.toString())?.[1] ?? null;
  } catch {
    return null;
  } finally {
    socket.destroy();
  }
}

async function onServer(...statements: string[]): Promise<void> {
  const client = postgres(SERVER, { max: 1, onnotice: () => undefined });
  try {
    for (const statement of statements) await client.unsafe(statement);
  } finally {
    await client.end();
  }
}
