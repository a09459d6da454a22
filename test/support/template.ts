import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../../src/db/open/open-database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A migrated, empty database that each test file copies: a folder, or a database on TEST_DATABASE_URL. */
    template: { type: "embedded"; dataDir: string } | { type: "server"; server: string; name: string };
  }
}

/**
 * Builds the programs that tests start as separate processes, and creates one migrated database for the whole run: on
 * the PostgreSQL server at TEST_DATABASE_URL if that is set, otherwise an embedded one.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  say("Building Herald for the tests that start it as a process …");
  await build();
  say("Making the database that each test file copies …");
  const server = process.env["TEST_DATABASE_URL"];
  return server ? onServer(server, provide) : embedded(provide);
}

/** Vitest shows nothing until the first test file is done. */
function say(what: string): void {
  process.stdout.write(`${what}\n`);
}

const run = promisify(execFile);

/** Like `npm run build`, but without type checks. Starting from source would take a second longer each time. */
async function build(): Promise<void> {
  const tsc = ["node_modules/typescript/bin/tsc", "--noCheck"];
  await run(process.execPath, [...tsc, "-p", "tsconfig.build.json"]);
  const options = ["--ignoreConfig", "--module", "nodenext", "--target", "es2023", "--types", "node"];
  await run(process.execPath, [...tsc, ...options, "--outDir", "dist/.test", "test/support/saboteur.ts"]);
}

async function embedded(provide: TestProject["provide"]): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "herald-template-"));
  await (await openDatabase({ type: "embedded", dataDir })).close();
  provide("template", { type: "embedded", dataDir });
  return () => rm(dataDir, { recursive: true, force: true });
}

async function onServer(server: string, provide: TestProject["provide"]): Promise<() => Promise<void>> {
  const name = `herald_template_${process.pid}`;
  const client = postgres(server, { max: 1, onnotice: () => undefined });
  await client`drop database if exists ${client(name)}`;
  await client`create database ${client(name)}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await (await openDatabase({ type: "server", url: url.href })).close();
  provide("template", { type: "server", server, name });
  return async () => {
    await client`drop database if exists ${client(name)} with (force)`;
    await client.end();
  };
}
