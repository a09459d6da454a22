/*
 * Makes clusters/pglite-18.tar.br: the empty database folder that PGlite starts from, because making one takes it 850 MB
 * of memory. Run it (npm run pglite:cluster) when a test says that PGlite has moved to another PostgreSQL.
 */
import { chmodSync, createWriteStream, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { constants } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";
import { create } from "tar";

const folder = mkdtempSync(join(tmpdir(), "herald-pglite-"));
const client = await PGlite.create(folder);
await client.exec("checkpoint");
await client.close();
// PGlite makes files that everyone may write.
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
  chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600);
const file = fileURLToPath(new URL("pglite-18.tar.br", import.meta.url));
// The window is larger than the distance between the three databases, which are the same.
const brotli = { params: { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS } };
const archive = create({ cwd: folder, brotli, portable: true, noMtime: true }, readdirSync(folder));
await pipeline(archive, createWriteStream(file));
rmSync(folder, { recursive: true });
