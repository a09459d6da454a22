import { meters, overview } from "../live.ts";
import { useSelected, useStore } from "../store.ts";

/**
 * The counts that matter: above all that nobody gets a post twice. Of a bot that the playground does not run nobody
 * knows which of its messages are a broadcast: there all of them count, and there are no duplicates to tell.
 */
export function Tiles() {
  const last = useStore(meters).at(-1);
  const runsHerald = useSelected(overview, (now) => now?.herald !== undefined);
  const duplicates = last?.duplicates ?? null;
  const sent = (
    <>
      <Tile name="Delivered" value={last?.delivered} says="Chats that it reached" />
      <Tile
        name="Refused"
        value={last?.refused}
        says="Sends that Telegram refused: blocked, deleted, removed"
      />
      <Tile name="In flight now" value={last?.inFlight} says="Calls that are not answered yet" />
    </>
  );
  return (
    <div class="tiles">
      {runsHerald && (
        <section aria-labelledby="tiles-broadcast">
          <h3 id="tiles-broadcast">This broadcast</h3>
          <dl>{sent}</dl>
        </section>
      )}
      <section aria-labelledby="tiles-ever">
        <h3 id="tiles-ever">Since the start or the last reset</h3>
        <dl>
          {duplicates !== null && (
            <Tile
              name="Duplicates"
              value={duplicates}
              look={duplicates === 0 ? "good" : "bad"}
              says={
                duplicates === 0 ? "Nobody got the same post twice" : "Posts that a chat got more than once"
              }
            />
          )}
          {!runsHerald && sent}
          <Tile name="429s" value={last?.tooMany} says="How often Telegram said “wait”" />
          <Tile name="Peak rate" value={last?.worstSecond} says="The most messages in any one second" />
        </dl>
      </section>
    </div>
  );
}

interface TileProps {
  name: string;
  value: number | undefined;
  /** What the number is of. */
  says: string;
  /** The one that is good or bad news stands out. */
  look?: "bad" | "good";
}

function Tile({ name, value = 0, says, look }: TileProps) {
  return (
    <div class="tile" data-look={look} title={says}>
      <dt>{name}</dt>
      <dd>{value.toLocaleString("en")}</dd>
      <dd class="unseen">{says}</dd>
    </div>
  );
}
