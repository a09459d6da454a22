import { execFile } from "node:child_process";
import { chmod, copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { findBinaries } from "../../src/db/embedded/postgres/binaries.ts";
import { DATABASE, ROLE, makeCluster } from "../../src/db/embedded/postgres/cluster.ts";
import { startPostmaster } from "../../src/db/embedded/postgres/postmaster.ts";
import { runAs } from "../../src/db/embedded/postgres/run-as.ts";
import { freePort } from "./ports.ts";
import { openDatabase } from "../../src/db/open/open-database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A migrated, empty database on a server, which each test file copies. */
    template: { server: string; name: string };
  }
}

/**
 * Builds the programs that tests start as separate processes, and creates one migrated database for the whole run: on
 * the PostgreSQL server at TEST_DATABASE_URL if that is set, otherwise on a private one.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  say("Building Herald for the tests that start it as a process …");
  await build();
  say("Making the database that each test file copies …");
  const given = process.env["TEST_DATABASE_URL"];
  const own = given ? null : await privateServer();
  const removeTemplate = await makeTemplate(own?.url ?? given ?? "", provide);
  return async () => {
    await removeTemplate();
    await own?.stop();
  };
}

/** Vitest shows nothing until the first test file is done. */
function say(what: string): void {
  process.stdout.write(`${what}\n`);
}

const run = promisify(execFile);

/** Like `npm run build`, but without type checks. Starting from source would take a second longer each time. */
async function build(): Promise<void> {
  const tsc = ["node_modules/typescript/bin/tsc", "--noCheck"];
  for (const project of ["tsconfig.build.json", "tsconfig.relay.json"])
    await run(process.execPath, [...tsc, "-p", project]);
  await copyFile("src/relay/package.json", "dist/relay/package.json");
  const options = ["--ignoreConfig", "--module", "nodenext", "--target", "es2023", "--types", "node"];
  await run(process.execPath, [...tsc, ...options, "--outDir", "dist/.test", "test/support/saboteur.ts"]);
}

/** A PostgreSQL of the suite's own, the one that is embedded in Herald, without the flushes that nobody needs here. */
async function privateServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "herald-postgres-"));
  await chmod(folder, 0o711); // PostgreSQL may run as another user
  const user = await runAs(folder);
  const binaries = await findBinaries(folder, user);
  if ("reason" in binaries)
    throw new Error(
      `The tests need a PostgreSQL: ${binaries.reason}. Run npm ci, or set TEST_DATABASE_URL to a server on which databases may be made.`,
    );
  const cluster = join(folder, "cluster");
  const failure = await makeCluster(cluster, binaries, user);
  if (failure !== null) throw new Error(`The tests need a PostgreSQL, but ${failure}.`);
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    max_connections: "400",
    shared_buffers: "128MB",
    max_wal_size: "1GB",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
  };
  const postmaster = await startPostmaster({ cluster, binaries, user, settings, say });
  return {
    url: `postgres://${ROLE}@127.0.0.1:${port}/${DATABASE}`,
    async stop() {
      await postmaster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One migrated database, which each test file copies. */
async function makeTemplate(server: string, provide: TestProject["provide"]): Promise<() => Promise<void>> {
  const name = `herald_template_${process.pid}`;
  const client = postgres(server, { max: 1, onnotice: () => undefined });
  await client`drop database if exists ${client(name)}`;
  await client`create database ${client(name)}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await (await openDatabase({ type: "server", url: url.href })).close();
  provide("template", { server, name });
  return async () => {
    await client`drop database if exists ${client(name)} with (force)`;
    await client.end();
  };
}
