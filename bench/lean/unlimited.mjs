/*
 * Runs a build of Herald at a rate above the highest that can be set: node unlimited.mjs DIST. Plain JavaScript, so that no
 * compiler takes up memory that is measured.
 */
import { existsSync } from "node:fs";

const [, , dist] = process.argv;
const part = (name) => import(`${dist}/${name}.js`);
const [{ readConfig }, { readEnvironment }, { createLog }, { startHerald }] = await Promise.all([
  part("config"),
  part("environment"),
  part("log"),
  part(existsSync(`${dist}/app.js`) ? "app" : "herald"), // its name until November 2026
]);
const config = { ...readConfig(readEnvironment()), messagesPerSecond: 1_000_000 };
const herald = await startHerald(config, createLog(config.logLevel), (error) => {
  throw error;
});
process.once("SIGTERM", () => void herald.stop().then(() => process.exit(0)));
