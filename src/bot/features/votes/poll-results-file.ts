import { type PollResults, pollsIn, resultsOf } from "../../../campaign/report/poll-results.ts";
import {
  type NamedAnswer,
  eachAnswer,
  hasAnswers,
  listPollTotals,
} from "../../../campaign/votes/poll-votes.ts";
import { getCampaign } from "../../../campaign/queries.ts";
import { scopeOf } from "../../../db/scope.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { csvFile } from "../../ui/csv-file.ts";
import { shareOf } from "../../cards/poll-lines.ts";

/** Sends the results of a campaign's poll: who answered what if the poll is public, otherwise the votes per option. */
export async function sendPollResults(
  deps: Pick<BotDeps, "scope">,
  ctx: HeraldContext,
  campaignId: number,
): Promise<void> {
  const { t } = ctx;
  const id = String(campaignId);
  const campaign = await getCampaign(deps.scope, campaignId);
  const { content } = campaign;
  const scope = scopeOf(deps.scope, campaign);
  const results = resultsOf(content, await listPollTotals(scope, campaignId));
  if (!results || results.voters === 0) {
    await ctx.reply(t("results-none", { id }));
    return;
  }
  const caption = t("results-caption", { id, count: results.voters });
  const isPublic = await hasAnswers(scope, campaignId);
  if (isPublic)
    await ctx.replyWithDocument(
      csvFile(`campaign-${id}-answers.csv`, ANSWER_COLUMNS, answerRows(eachAnswer(scope, campaignId))),
      { caption },
    );
  const someAnonymous = pollsIn(content).some(({ poll }) => poll.is_anonymous !== false);
  if (!isPublic || someAnonymous)
    await ctx.replyWithDocument(csvFile(`campaign-${id}-poll.csv`, OPTION_COLUMNS, optionRows(results)), {
      caption,
    });
}

const ANSWER_COLUMNS = ["user_id", "name", "username", "version", "answer", "right", "answered_at"];

async function* answerRows(answers: AsyncIterable<NamedAnswer>) {
  for await (const { voterId, name, username, version, choices, tally, answeredAt } of answers) {
    const options = tally?.options ?? [];
    const chosen = choices.map((id) => options.find((option) => option.id === id)?.text ?? `#${id}`);
    yield [
      voterId,
      name,
      username,
      version,
      chosen.join("; "),
      rightness(choices, options),
      answeredAt.toISOString(),
    ];
  }
}

/** Whether someone chose exactly the right options; empty if there are none. */
function rightness(choices: readonly string[], options: readonly { id: string; isRight?: true }[]): string {
  const right = options.filter(({ isRight }) => isRight).map(({ id }) => id);
  if (right.length === 0) return "";
  return yesOrNo(right.length === choices.length && right.every((id) => choices.includes(id)));
}

const OPTION_COLUMNS = ["option", "votes", "percent", "right"];

function* optionRows({ options, voters }: PollResults) {
  const isQuiz = options.some(({ isRight }) => isRight);
  for (const { text, votes, isRight } of options)
    yield [text, votes, shareOf(votes, voters), isQuiz ? yesOrNo(isRight) : ""];
}

function yesOrNo(is: boolean): string {
  return is ? "yes" : "no";
}
