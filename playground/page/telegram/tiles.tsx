import { meters, overview } from "../state/stream.ts";
import { useSelected, useStore } from "../state/store.ts";
import { grouped, t } from "../state/locale.ts";

/**
 * The important counts: above all, that nobody gets a post twice. For a bot that the playground does not run, all
 * messages count, and duplicates cannot be told.
 */
export function Tiles() {
  const last = useStore(meters).at(-1);
  const runsHerald = useSelected(overview, (now) => now?.herald !== undefined);
  const duplicates = last?.duplicates ?? null;
  const sent = (
    <>
      <Tile name={t("delivered")} value={last?.delivered} says={t("delivered-what")} />
      <Tile name={t("refused")} value={last?.refused} says={t("refused-what")} />
      <Tile name={t("in-flight")} value={last?.inFlight} says={t("in-flight-what")} />
    </>
  );
  return (
    <div class="tiles">
      {runsHerald && (
        <section aria-labelledby="tiles-broadcast">
          <h3 id="tiles-broadcast">{t("this-broadcast")}</h3>
          <dl>{sent}</dl>
        </section>
      )}
      <section aria-labelledby="tiles-ever">
        <h3 id="tiles-ever">{t("since-start")}</h3>
        <dl>
          {duplicates !== null && (
            <Tile
              name={t("duplicates")}
              value={duplicates}
              look={duplicates === 0 ? "good" : "bad"}
              says={t(duplicates === 0 ? "duplicates-none" : "duplicates-what")}
            />
          )}
          {!runsHerald && sent}
          <Tile name={t("too-many")} value={last?.tooMany} says={t("too-many-what")} />
          <Tile name={t("peak")} value={last?.worstSecond} says={t("peak-what")} />
        </dl>
      </section>
    </div>
  );
}

interface TileProps {
  name: string;
  value: number | undefined;
  /** What the number counts. */
  says: string;
  /** Good or bad news stands out. */
  look?: "bad" | "good";
}

function Tile({ name, value = 0, says, look }: TileProps) {
  return (
    <div class="tile" data-look={look} title={says}>
      <dt>{name}</dt>
      <dd>{grouped(value)}</dd>
      <dd class="unseen">{says}</dd>
    </div>
  );
}
