import { readFileSync } from "node:fs";
import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { tooManyRequests } from "../../playground/server/faults.ts";
import { type ApiScene, apiScene } from "../support/api.ts";
import { until } from "../support/broadcast.ts";
import { toPeople } from "../support/scene.ts";

type Samples = Map<string, number>;

/** The samples of a page by name and labels, as Prometheus' text format writes them. */
function samplesOf(page: string): Samples {
  const lines = page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const samples = lines.map((line) => {
    const [, series = "", value = ""] = /^([a-zA-Z_:][\w:]*(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
    if (series === "") throw new Error(`not a sample: ${line}`);
    return [series, Number(value)] as const;
  });
  expect(new Set(samples.map(([series]) => series)).size).toBe(samples.length);
  return new Map(samples);
}

const heraldsOf = (samples: Samples) => [...samples.keys()].filter((name) => name.startsWith("herald_"));

async function scrape({ call }: ApiScene): Promise<Samples> {
  const { status, body } = await call("GET", "/metrics", undefined, { as: "read" });
  expect(status).toBe(200);
  return samplesOf(body);
}

async function sendAll(api: ApiScene, count: number): Promise<void> {
  const { body } = await api.call("POST", "/v1/campaigns", { content: { kind: "text", text: "Hello" } });
  await api.call("POST", `/v1/campaigns/${body.number}/send`, { agreed_count: count });
  await until(async () => (await api.call("GET", `/v1/campaigns/${body.number}`)).body.state === "finished");
}

describe("/metrics", () => {
  test("wants a key, of any role", async () => {
    const { call } = await apiScene(1);
    expect((await call("GET", "/metrics", undefined, { as: null })).status).toBe(401);
    expect((await call("GET", "/metrics", undefined, { as: { key: "hk_wrong" } })).status).toBe(401);
    const { status, headers } = await call("GET", "/metrics", undefined, { as: "read" });
    expect([status, headers.get("content-type")]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  });

  test("counts what the database does, and a campaign more adds no series", async () => {
    const api = await apiScene(5);
    const before = await scrape(api);
    expect(before.get('herald_deliveries{outcome="sent"}')).toBe(0);
    expect(before.get('herald_campaigns{state="finished"}')).toBe(0);
    await sendAll(api, 5);
    await sendAll(api, 5);
    const after = await scrape(api);
    expect(after.get('herald_deliveries{outcome="sent"}')).toBe(10);
    expect(after.get('herald_campaigns{state="finished"}')).toBe(2);
    expect(Object.fromEntries(after)).toMatchObject({
      herald_queue_deliveries: 0,
      herald_due_lag_seconds: 0,
      herald_updates_waiting: 0,
      herald_updates_waiting_seconds: 0,
      herald_lease_held: 1,
      herald_rate_configured: 100,
      herald_rate_allowed: 100,
      herald_telegram_pauses_total: 0,
      herald_telegram_pause_seconds: 0,
      herald_database_up: 1,
      'herald_webhooks{state="failing"}': 0,
    });
    expect(heraldsOf(after)).toEqual(heraldsOf(before));
  });

  test("counts a pause that Telegram asks for", async () => {
    const api = await apiScene(3);
    api.telegram.fault(toPeople, { error: tooManyRequests(1) });
    await sendAll(api, 3);
    expect((await scrape(api)).get("herald_telegram_pauses_total")).toBe(1);
  });

  test("is answered while the database is away, to a key that was valid before", async () => {
    const api = await apiScene(1);
    const { database } = api;
    await scrape(api);
    if (database.type !== "server") throw new Error("tests have their databases on a server");
    const name = new URL(database.url).pathname.slice(1);
    const url = new URL(database.url);
    url.pathname = "/postgres";
    const admin = postgres(url.href, { max: 1 });
    const allow = async (yes: boolean) => {
      await admin.unsafe(`alter database "${name}" with allow_connections ${yes}`);
    };
    await allow(false);
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    const away = await scrape(api);
    const stranger = await api.call("GET", "/metrics", undefined, { as: "write" });
    await allow(true);
    await admin.end();
    expect(away.get("herald_database_up")).toBe(0);
    expect(away.has("process_resident_memory_bytes")).toBe(true);
    expect(away.has("herald_queue_deliveries")).toBe(false);
    expect(stranger.status).toBe(500);
    await until(async () => (await scrape(api)).get("herald_database_up") === 1);
  });

  test("has every series that the dashboard and the alerts ask for, and no gauge named like a counter", async () => {
    const api = await apiScene(1);
    const { body: page } = await api.call("GET", "/metrics");
    const types = new Map(
      [...String(page).matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = "", type = ""]) => [name, type]),
    );
    expect([...types].filter(([name, type]) => name.endsWith("_total") !== (type === "counter"))).toEqual([]);
    expect(page).not.toContain('=""');
    for (const file of ["dashboard.json", "alerts.yml"]) {
      const text = readFileSync(new URL(`../../docs/monitoring/${file}`, import.meta.url), "utf8");
      const asked = [...text.matchAll(/\b(?:herald|process|nodejs)_\w+/g)].map(([name]) => name);
      expect(asked.length).toBeGreaterThan(3);
      expect(asked.filter((name) => !types.has(name))).toEqual([]);
    }
  });
});
