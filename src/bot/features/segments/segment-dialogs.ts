import type { Middleware } from "grammy";
import { readLine } from "../../../audience/segment/read-line.ts";
import {
  type SavedSegment,
  findSegmentByName,
  savedByName,
} from "../../../audience/segment/saved-segments.ts";
import type { Segment } from "../../../audience/segment/segment.ts";
import { shownName } from "../../../audience/shown-name.ts";
import { renameSegment, replaceSegment, saveSegment } from "../../../campaign/actions/change-segments.ts";
import { type Scope, scopeOf } from "../../../db/scope.ts";
import { DomainError } from "../../../errors.ts";
import { dayBoundsIn } from "../../../schedule/day-bounds.ts";
import { answerUntil, refusing } from "../../ui/answer-until.ts";
import { askBot } from "../../ui/ask-bot.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { type Dialog, runDialog } from "../../ui/dialogs.ts";
import { refusedLine } from "../../ui/line-refusal.ts";
import { sendScreen } from "../../ui/screens.ts";
import { SEGMENTS, drawSegment } from "./segment-card.ts";

/** Asks for what is not known yet of a new segment: whose it is, its name, its conditions. */
export function newSegmentDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("newSegment", async (dialog, entry) => {
    const botId = entry.botId ?? (await askBot(deps, dialog, SEGMENTS));
    const of = scopeOf(deps.scope, { botId });
    const { typed } = entry;
    if (typed) {
      await dialog.act((ctx) => refusing(ctx, () => makeTyped(deps, ctx, of, typed)));
      return;
    }
    await dialog.act((ctx) => ctx.reply(ctx.t("segments-ask-name")));
    const name = await answerUntil(dialog, (ctx) => refusing(ctx, () => freeName(of, typedIn(ctx))));
    await askLine(dialog);
    await answerUntil(dialog, (ctx) =>
      refusing(ctx, () => withLine(ctx, of, typedIn(ctx), (line) => make(deps, ctx, of, { name, line }))),
    );
  });
}

/** Asks for another name of a saved segment, or for other conditions. */
export function changeSegmentDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("changeSegment", async (dialog, { botId, id, what }) => {
    const of = scopeOf(deps.scope, { botId });
    if (what === "line") await askLine(dialog);
    else await dialog.act((ctx) => ctx.reply(ctx.t("segments-ask-name")));
    await answerUntil(dialog, (ctx) =>
      refusing(ctx, () =>
        what === "name"
          ? show(deps, ctx, of, renameSegment(of, ctx.actor, id, typedIn(ctx)))
          : withLine(ctx, of, typedIn(ctx), (line) =>
              show(deps, ctx, of, replaceSegment(of, ctx.actor, id, line)),
            ),
      ),
    );
  });
}

/** Saves a segment whose name and conditions were typed at once. Resolves with null if the line is not understood, and that has been said. */
export async function makeTyped(
  deps: BotDeps,
  ctx: HeraldContext,
  of: Scope,
  { name, line }: Typed,
): Promise<number | null> {
  return withLine(ctx, of, line, (segment) => make(deps, ctx, of, { name, line: segment }));
}

/** Reads a line of conditions. Resolves with null if it is not understood, and that has been said. */
export async function withLine<T>(
  ctx: HeraldContext,
  of: Scope,
  line: string,
  work: (segment: Segment) => Promise<T>,
): Promise<T | null> {
  const reading = readLine(line, dayBoundsIn(ctx.timezone), await savedByName(of));
  if (reading.type === "read") return work(reading.segment);
  await ctx.reply(refusedLine(ctx.t, reading, ctx.locale));
  return null;
}

export async function show(
  deps: BotDeps,
  ctx: HeraldContext,
  of: Scope,
  saving: Promise<SavedSegment>,
): Promise<number> {
  const saved = await saving;
  deps.log.info({ bot: of.botId, segment: saved.id, by: ctx.from?.id }, "a saved segment is changed");
  await sendScreen(ctx, (ctx) => drawSegment(deps, ctx, of, saved));
  return saved.id;
}

function make(deps: BotDeps, ctx: HeraldContext, of: Scope, { name, line }: { name: string; line: Segment }) {
  return show(deps, ctx, of, saveSegment(of, ctx.actor, name, line));
}

async function askLine(dialog: Dialog): Promise<void> {
  await dialog.act((ctx) => ctx.reply(ctx.t("segments-ask-line")));
}

/** @throws DomainError `segment-name-unfit`, `segment-name-taken` */
async function freeName(of: Scope, text: string): Promise<string> {
  const named = shownName(text);
  if (!named) throw new DomainError("segment-name-unfit");
  if (await findSegmentByName(of, text)) throw new DomainError("segment-name-taken", { name: named.name });
  return named.name;
}

function typedIn(ctx: HeraldContext): string {
  return ctx.message?.text?.trim() ?? "";
}

/** What was typed as `Name = line`. */
export interface Typed {
  name: string;
  line: string;
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    /** Without a bot, it is asked for. */
    newSegment: { botId: number | null; typed?: Typed };
    changeSegment: { botId: number; id: number; what: "name" | "line" };
  }
}
