import type { Readable } from "node:stream";
import { type Actor, authorize } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import {
  type ImportHooks,
  type ImportOptions,
  checkRecipients,
  importRecipients,
} from "../../audience/import/import-people.ts";
import type { ImportSummary } from "../../audience/import/import-summary.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";

/**
 * Imports people as they arrive, in batches of which each is complete (`importRecipients`). The audit has it from the
 * start, because it may end half-way. Whether the actor may do this is asked again for each batch.
 * @throws DomainError `forbidden`
 * @throws UnreadableFile if it is not a list of people
 */
export async function importList(
  scope: Scope,
  actor: Actor,
  input: Readable | AsyncIterable<Buffer>,
  hooks: Omit<ImportHooks, "beforeBatch"> = {},
  options: ImportOptions = {},
): Promise<ImportSummary> {
  const deed = { action: "import-recipients", botId: scope.botId } as const;
  await inTransaction(scope, async (tx) => {
    await authorize(tx, actor, deed);
    await record(tx, actor, "recipients.imported", null);
  });
  const beforeBatch = () => authorize(scope, actor, deed);
  return importRecipients(scope, input, { ...hooks, beforeBatch }, options);
}

/**
 * Reads a list as importList() does, for those who may import it, and imports nothing.
 * @throws DomainError `forbidden`
 * @throws UnreadableFile if it is not a list of people
 */
export async function checkList(
  scope: Scope,
  actor: Actor,
  input: Readable | AsyncIterable<Buffer>,
  hooks: ImportHooks = {},
  options: ImportOptions = {},
): Promise<ImportSummary> {
  await authorize(scope, actor, { action: "import-recipients", botId: scope.botId });
  return checkRecipients(input, hooks, options);
}
