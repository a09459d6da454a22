import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { senders } from "../../src/db/schema.ts";
import { apiScene } from "../support/api.ts";
import { atEnd } from "../support/herald.ts";

/** The lines of docs/api.md that a reader would type, in the order of the page. */
const LINES = [...readFileSync("docs/api.md", "utf8").matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
  ([, lines = ""]) => lines,
);

/** Times on the page stay ahead of whoever runs this, and those without an end are left after a second. */
const CURL = `
set -e
curl() {
  local stream=
  for word in "$@"; do case "$word" in */events) stream=1 ;; esac; done
  if [ "$stream" ]; then command curl -sS --max-time 1 "$@" || [ $? -eq 28 ]
  else command curl --fail-with-body -sS "$@"; fi
  echo
}
`;

test("the curl lines of docs/api.md work, from the first to the last", { timeout: 60_000 }, async () => {
  expect(LINES.length).toBeGreaterThan(5);
  const { address, keys } = await apiScene(
    [
      ["en", 1_000],
      ["de", 200],
    ],
    {
      rate: 1_000,
      // The other bots of the page.
      prepare: ({ db, homeId }) =>
        db.insert(senders).values([
          { botId: 1_234_567_890, homeId, username: "shop_bot" },
          { botId: 1_234_567_891, homeId, username: "news_bot" },
        ]),
    },
  );
  const next = `${new Date().getUTCFullYear() + 1}-12-24T`;
  const script = LINES.join("\n")
    .replaceAll("http://127.0.0.1:8080", address)
    .replaceAll(/\d{4}-12-24T/g, next);
  // The files that the lines name, and those that they write.
  const folder = await mkdtemp(join(tmpdir(), "herald-cookbook-"));
  atEnd(() => rm(folder, { recursive: true }));
  for (const name of ["menu.jpg", "menu.pdf"]) await writeFile(join(folder, name), `This is ${name}.`);
  const { stdout } = await promisify(execFile)("bash", ["-c", `${CURL}\n${script}`], {
    cwd: folder,
    env: { ...process.env, HERALD_KEY: keys.send },
    maxBuffer: 64 * 1_048_576,
  });
  expect(stdout).toContain('"kind":"text","text":"Our autumn menu is here"');
  expect(stdout).toMatch(/"days":\[1,5\],"every":"week"/);
});
