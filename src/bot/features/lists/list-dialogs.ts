import type { Middleware } from "grammy";
import { UnreadableFile } from "../../../audience/import/csv-rows.ts";
import { type Matched, matchPeople, readListFile } from "../../../audience/import/list-file.ts";
import { type List, findList } from "../../../audience/lists.ts";
import { addToList, createList, renameList } from "../../../campaign/actions/change-lists.ts";
import { type Scope, scopeOf } from "../../../db/scope.ts";
import { DomainError } from "../../../errors.ts";
import { askBot } from "../../ui/ask-bot.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { csvFile } from "../../ui/csv-file.ts";
import { answerUntil, refusing } from "../../ui/answer-until.ts";
import { runDialog } from "../../ui/dialogs.ts";
import { sendScreen } from "../../ui/screens.ts";
import { LISTS, drawList } from "./list-card.ts";

/** Asks for the name of a list that is new, and then for its people: a file, or lines of a message. */
export function listPeopleDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("listPeople", async (dialog, { botId: known, listId, name }) => {
    const botId = known ?? (await askBot(deps, dialog, LISTS));
    let id = listId;
    if (name !== undefined)
      id = await dialog.act((ctx) =>
        refusing(ctx, async () => (await createList(of(deps, botId), ctx.actor, name)).id),
      );
    if (id === null) {
      await dialog.act((ctx) => ctx.reply(ctx.t("lists-ask-name")));
      id = await answerUntil(dialog, (ctx) =>
        refusing(ctx, async () => (await createList(of(deps, botId), ctx.actor, typedIn(ctx))).id),
      );
    }
    const chosen = id;
    await dialog.act(async (ctx) => ctx.reply(ctx.t("lists-ask-people")));
    await answerUntil(dialog, (ctx) => refusing(ctx, () => takePeople(deps, ctx, of(deps, botId), chosen)));
  });
}

/** Asks for another name of a list. */
export function listNameDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("listName", async (dialog, { botId, listId }) => {
    await dialog.act((ctx) => ctx.reply(ctx.t("lists-ask-name")));
    await answerUntil(dialog, (ctx) =>
      refusing(ctx, async () => {
        const scope = of(deps, botId);
        const list = await renameList(scope, ctx.actor, listId, typedIn(ctx));
        await sendScreen(ctx, (ctx) => drawList(deps, ctx, scope, list));
        return list.id;
      }),
    );
  });
}

function of({ scope }: BotDeps, botId: number): Scope {
  return scopeOf(scope, { botId });
}

function typedIn(ctx: HeraldContext): string {
  return ctx.message?.text?.trim() ?? "";
}

/** Resolves with null if the message names nobody, and has been answered. */
async function takePeople(
  deps: BotDeps,
  ctx: HeraldContext,
  scope: Scope,
  listId: number,
): Promise<number | null> {
  const list = await findList(scope, listId);
  if (!list) throw new DomainError("list-unknown");
  const people = await readPeople(deps, ctx);
  if (people === null) return null;
  const matched = await matchPeople(scope, people);
  if (matched.lines === 0) {
    await ctx.reply(ctx.t("lists-empty-file"));
    return null;
  }
  const added = matched.chatIds.length > 0 ? await addToList(scope, ctx.actor, listId, matched.chatIds) : 0;
  deps.log.info(
    { bot: scope.botId, list: listId, by: ctx.from?.id, added, missed: matched.missed.length },
    "people are put on a list",
  );
  await report(deps, ctx, scope, { list, matched, added });
  return added;
}

/** The people whom a message names, or a file in it. Null if there are none that can be read, and it has been answered. */
async function readPeople({ bots }: BotDeps, ctx: HeraldContext) {
  const { message, t } = ctx;
  try {
    if (!message?.document) {
      const text = message?.text ?? "";
      return await readListFile(bytesOf(text.replaceAll(/[,;]\s*/g, "\n")));
    }
    const read = await bots.files.use(message.document.file_id, async ({ source }) =>
      typeof source === "string" ? null : readListFile(asBuffers(source())),
    );
    if (Array.isArray(read)) return read;
    await ctx.reply(t(read?.type === "too-large" ? "lists-file-too-large" : "lists-file-unfetched"));
    return null;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    await ctx.reply(t("lists-file-unreadable"));
    return null;
  }
}

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

async function* asBuffers(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const part of bytes) yield Buffer.from(part.buffer, part.byteOffset, part.byteLength);
}

/** Says what became of it, and sends those who are not on the list as a file. */
async function report(
  deps: BotDeps,
  ctx: HeraldContext,
  scope: Scope,
  { list, matched, added }: { list: List; matched: Matched; added: number },
): Promise<void> {
  const { t } = ctx;
  const { chatIds, missed } = matched;
  await ctx.reply(t("lists-added", { name: list.name, known: chatIds.length, added, missed: missed.length }));
  if (missed.length > 0)
    await ctx.replyWithDocument(
      csvFile(
        `list-${list.id}-unknown.csv`,
        ["line", "person", "reason"],
        missed.map(({ line, text, why }) => [line, text, t(`lists-why-${why}`)]),
      ),
      { caption: t("lists-missed", { count: missed.length }) },
    );
  await sendScreen(ctx, (ctx) => drawList(deps, ctx, scope, list));
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    /** Without a bot, it is asked for; `name` is that of a new list. */
    listPeople: { botId: number | null; listId: number | null; name?: string };
    listName: { botId: number; listId: number };
  }
}
