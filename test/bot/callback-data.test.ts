import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CARD_VERBS,
  CODECS,
  type Codec,
  SCREENS,
  calendarTap,
  cardTap,
  draftTap,
  editOfferTap,
  overdueTap,
  postButtonTap,
  readToggle,
  screenLink,
  screenTap,
  threadTap,
  toggleData,
  zoneTap,
} from "../../src/bot/ui/callback-data.ts";
import { readDraftTap } from "../../src/bot/features/compose/read-answer.ts";

const id = fc.integer({ min: 1, max: 999_999_999_999_999 });
const small = fc.integer({ min: 0, max: 999_999_999 });
const word = fc.stringMatching(/^[a-z]{1,9}$/);
/** What buttons carry: names, numbers, and what separates them. */
const argument = fc.stringMatching(/^[\w.,@+=-]{0,20}$/);

const isReadBack = <Tap>(codec: Codec<Tap>, taps: fc.Arbitrary<Tap>) =>
  fc.assert(
    fc.property(taps, (tap) => {
      expect(codec.parse(codec.encode(tap))).toEqual(tap);
    }),
  );

describe("callback data", () => {
  test("no kind of button is taken for another", () => {
    const prefixes = CODECS.map(({ prefix }) => prefix);
    for (const one of prefixes) expect(prefixes.filter((other) => other.startsWith(one))).toEqual([one]);
  });

  test("what is written is read back", () => {
    isReadBack(draftTap, fc.record({ draft: fc.nat(), verb: word, argument }));
    isReadBack(cardTap, fc.record({ id, verb: fc.constantFrom(...CARD_VERBS) }));
    isReadBack(editOfferTap, id);
    isReadBack(
      zoneTap,
      fc.constantFrom("UTC", "Europe/Moscow", "America/Argentina/ComodRivadavia", "Etc/GMT+3"),
    );
    const day = fc.nat({ max: 999_999 });
    isReadBack(calendarTap, fc.oneof(fc.record({ day }), fc.record({ day, bot: id })));
    const verb = fc.constantFrom("close", "tagged", "again");
    isReadBack(threadTap, fc.record({ chatId: id, verb, argument: fc.string({ maxLength: 9 }) }));
    isReadBack(overdueTap, fc.record({ id, count: id, revision: small }));
    fc.assert(
      fc.property(id, small, fc.stringMatching(/^[a-z]{0,3}\d{1,9}$/), (campaignId, seq, button) => {
        const tap = { campaignId, seq, id: button };
        expect(postButtonTap.parse(postButtonTap.encode(tap))).toEqual(tap);
      }),
    );
    const place = fc.nat({ max: 99 });
    for (const name of SCREENS) {
      isReadBack(screenTap(name), fc.record({ row: place, column: place, what: argument }));
      isReadBack(screenLink(name), argument);
    }
    fc.assert(
      fc.property(argument, fc.boolean(), (what, isOn) => {
        expect(readToggle(toggleData(what, isOn))).toEqual({ what, on: !isOn });
      }),
    );
  });

  test("data that Telegram would refuse is not written", () => {
    const tap = { draft: 1, verb: "zone", argument: "я".repeat(27) };
    expect(Buffer.byteLength(draftTap.encode(tap))).toBe(63);
    expect(() => draftTap.encode({ ...tap, argument: `${tap.argument}я` })).toThrow(RangeError);
    expect(() => screenTap("admins").encode({ row: 0, column: 0, what: "a/b" })).toThrow(RangeError);
  });

  test("anything else is not read", () => {
    fc.assert(
      fc.property(fc.string(), (data) => {
        const known = CODECS.filter(({ prefix }) => data.startsWith(prefix));
        const read = CODECS.filter(({ parse }) => parse(data) !== null);
        expect(known).toEqual(expect.arrayContaining(read));
      }),
    );
    for (const data of ["d:1", "d:x:all:", "d:-1:all:", "d:1:All:", "D:1:all:", "d:1:all:\n"])
      expect(draftTap.parse(data)).toBeNull();
    for (const data of ["e:", "e:x", "e:1234567890123456", "e:1 "])
      expect(editOfferTap.parse(data)).toBeNull();
    for (const data of ["calendar:", "calendar:-1", "calendar:1234567"])
      expect(calendarTap.parse(data)).toBeNull();
    for (const data of ["overdue:1.2", "overdue:1.2.x", "overdue:1.2.1234567890"])
      expect(overdueTap.parse(data)).toBeNull();
    for (const data of ["admins/", "admins/0/0", "admins/x/0//h", "campaigns/0/0//h", "admins/0/0/a/x"])
      expect(screenTap("admins").parse(data)).toBeNull();
  });
});

/*
 * Everything that any version has put under messages, as it was written there. These messages stay in people's chats:
 * never change a line, only add some.
 */
describe("a button of every version is understood:", () => {
  test.each([
    ["t:50:close:", { verb: "close", argument: "" }],
    ["t:50:reopen:", { verb: "reopen", argument: "" }],
    ["t:50:block:", { verb: "block", argument: "" }],
    ["t:50:unblock:", { verb: "unblock", argument: "" }],
    ["t:50:tag:", { verb: "tag", argument: "" }],
    ["t:50:tagged:old friend: 1", { verb: "tagged", argument: "old friend: 1" }],
    ["t:50:untagged:постоянный", { verb: "untagged", argument: "постоянный" }],
    ["t:50:person:", { verb: "person", argument: "" }],
    ["t:50:again:1234", { verb: "again", argument: "1234" }],
  ])("%s", (data, tap) => {
    expect(threadTap.parse(data)).toEqual({ chatId: 50, ...tap });
  });

  test.each([
    // Audience; without a state in the first builds.
    ["d:7:all:", { verb: "all", argument: "" }],
    ["d:7:all:.off", { verb: "all", argument: ".off" }],
    ["d:7:others:.on", { verb: "others", argument: ".on" }],
    ["d:7:lang:ru", { verb: "lang", argument: "ru" }],
    ["d:7:lang:pt.on", { verb: "lang", argument: "pt.on" }],
    ["d:7:continue:", { verb: "continue", argument: "" }],
    ["d:7:continue:chats", { verb: "continue", argument: "chats" }],
    ["d:7:chats:", { verb: "chats", argument: "" }],
    ["d:7:chats:2", { verb: "chats", argument: "2" }],
    ["d:7:chat:-1001234567890.0", { verb: "chat", argument: "-1001234567890.0" }],
    ["d:7:chat:-1001234567890.0.on", { verb: "chat", argument: "-1001234567890.0.on" }],
    ["d:7:addchat:", { verb: "addchat", argument: "" }],
    ["d:7:topics:-1001234567890.1", { verb: "topics", argument: "-1001234567890.1" }],
    ["d:7:topic:-1001234567890.5.0", { verb: "topic", argument: "-1001234567890.5.0" }],
    ["d:7:topic:-1001234567890.5.0.off", { verb: "topic", argument: "-1001234567890.5.0.off" }],
    ["d:7:people:", { verb: "people", argument: "" }],
    // The post.
    ["d:7:edit:", { verb: "edit", argument: "" }],
    ["d:0:split:1234", { draft: 0, verb: "split", argument: "1234" }],
    ["d:7:split:1234", { verb: "split", argument: "1234" }],
    ["d:7:instead:1234", { verb: "instead", argument: "1234" }],
    ["d:7:buttons:", { verb: "buttons", argument: "" }],
    ["d:7:buttons:default", { verb: "buttons", argument: "default" }],
    ["d:7:buttons:de", { verb: "buttons", argument: "de" }],
    ["d:7:unbutton:", { verb: "unbutton", argument: "" }],
    ["d:7:unbutton:de", { verb: "unbutton", argument: "de" }],
    ["d:7:unbutton:de.same", { verb: "unbutton", argument: "de.same" }],
    ["d:7:below:default", { verb: "below", argument: "default" }],
    ["d:7:unbelow:default", { verb: "unbelow", argument: "default" }],
    ["d:7:versions:", { verb: "versions", argument: "" }],
    ["d:7:version:de", { verb: "version", argument: "de" }],
    ["d:7:unversion:de", { verb: "unversion", argument: "de" }],
    ["d:7:options:", { verb: "options", argument: "" }],
    ["d:7:option:silent", { verb: "option", argument: "silent" }],
    ["d:7:option:silent.on", { verb: "option", argument: "silent.on" }],
    ["d:7:option:hideResults.off", { verb: "option", argument: "hideResults.off" }],
    ["d:7:after:", { verb: "after", argument: "" }],
    ["d:7:after:48", { verb: "after", argument: "48" }],
    ["d:7:effect:", { verb: "effect", argument: "" }],
    ["d:7:effect:5104841245755180586", { verb: "effect", argument: "5104841245755180586" }],
    ["d:7:effect:0", { verb: "effect", argument: "0" }],
    // The time.
    ["d:7:when:", { verb: "when", argument: "" }],
    ["d:7:preset:evening", { verb: "preset", argument: "evening" }],
    ["d:7:at:1773136800", { verb: "at", argument: "1773136800" }],
    ["d:7:now:", { verb: "now", argument: "" }],
    ["d:7:repeat:", { verb: "repeat", argument: "" }],
    ["d:7:days:", { verb: "days", argument: "" }],
    ["d:7:days:135/2@600", { verb: "days", argument: "135/2@600" }],
    ["d:7:month:", { verb: "month", argument: "" }],
    ["d:7:rule:w135/2@600", { verb: "rule", argument: "w135/2@600" }],
    ["d:7:rule:m1,15", { verb: "rule", argument: "m1,15" }],
    ["d:7:rule:nL.5@600", { verb: "rule", argument: "nL.5@600" }],
    ["d:7:rule:y12.25", { verb: "rule", argument: "y12.25" }],
    ["d:7:once:", { verb: "once", argument: "" }],
    ["d:7:ends:", { verb: "ends", argument: "" }],
    ["d:7:runs:10", { verb: "runs", argument: "10" }],
    ["d:7:until:1773136800", { verb: "until", argument: "1773136800" }],
    ["d:7:endless:", { verb: "endless", argument: "" }],
    ["d:7:hours:", { verb: "hours", argument: "" }],
    ["d:7:window:any", { verb: "window", argument: "any" }],
    ["d:7:window:540-1260", { verb: "window", argument: "540-1260" }],
    ["d:7:window:540-1080/12345", { verb: "window", argument: "540-1080/12345" }],
    ["d:7:late:", { verb: "late", argument: "" }],
    ["d:7:late:expire", { verb: "late", argument: "expire" }],
    ["d:7:zone:Europe/Moscow", { verb: "zone", argument: "Europe/Moscow" }],
    // The review and what follows it.
    ["d:7:audience:", { verb: "audience", argument: "" }],
    ["d:7:test:", { verb: "test", argument: "" }],
    ["d:7:testers:", { verb: "testers", argument: "" }],
    ["d:7:tester:all", { verb: "tester", argument: "all" }],
    ["d:7:tester:42", { verb: "tester", argument: "42" }],
    ["d:7:send:", { verb: "send", argument: "" }],
    ["d:7:yes:4812.3.0", { verb: "yes", argument: "4812.3.0" }],
    ["d:7:yes:4812.3.1773136800", { verb: "yes", argument: "4812.3.1773136800" }],
    ["d:7:back:", { verb: "back", argument: "" }],
    ["d:7:review:", { verb: "review", argument: "" }],
    ["d:7:discard:", { verb: "discard", argument: "" }],
    ["d:7:discard:yes", { verb: "discard", argument: "yes" }],
    ["d:7:save:4812.3.1773136800", { verb: "save", argument: "4812.3.1773136800" }],
    ["d:7:save:4812.3.1773136800.series", { verb: "save", argument: "4812.3.1773136800.series" }],
    ["d:7:copy:", { verb: "copy", argument: "" }],
  ])("%s", (data, tap) => {
    expect(draftTap.parse(data)).toEqual({ draft: 7, ...tap });
    expect(readDraftTap(data)?.tap.verb).toBe(tap.verb);
  });

  test.each([
    "open",
    "post",
    "pause",
    "resume",
    "cancel",
    "yes-cancel",
    "cancel-series",
    "edit",
    "reschedule",
    "retry",
    "retry-uncertain",
    "yes-retry",
    "back",
    "failures",
    "results",
    "codes",
    "duplicate",
  ])("c:12:%s", (verb) => {
    expect(cardTap.parse(`c:12:${verb}`)).toEqual({ id: 12, verb });
  });

  test("e:12, z:Europe/Moscow, calendar:20420, overdue:12.4812.3", () => {
    expect(editOfferTap.parse("e:12")).toBe(12);
    expect(zoneTap.parse("z:Europe/Moscow")).toBe("Europe/Moscow");
    expect(calendarTap.parse("calendar:20420")).toEqual({ day: 20_420 });
    expect(overdueTap.parse("overdue:12.4812.3")).toEqual({ id: 12, count: 4812, revision: 3 });
  });

  test.each([
    ["b:12:3:a4", { id: "a4" }],
    ["b:12:3:4", { id: "4" }],
    ["b:12:3::1", { language: "", index: 1 }],
    ["b:12:3:de:1", { language: "de", index: 1 }],
  ])("%s", (data, button) => {
    expect(postButtonTap.parse(data)).toEqual({ campaignId: 12, seq: 3, ...button });
  });

  test.each([
    // The first builds went by the place; what they named can no longer be told.
    ["admins", "2/0//habcd", ""],
    ["campaigns", "2/0//habcd", ""],
    ["bots", "0/0/open.2000002/habcd", "open.2000002"],
    ["bots", "0/1/beside.2000002/habcd", "beside.2000002"],
    ["bots", "0/0/yes-remove.2000002.3/habcd", "yes-remove.2000002.3"],
    ["bots", "8/0/add/habcd", "add"],
    // A hash of the menu plugin is four bytes of anything, slashes and line breaks among them.
    ["admins", "0/0/remove:7/h\uFFFD/\n1", "remove:7"],
    ["admins", "1/0/add/h\u0001abc", "add"],
    ["campaigns", "0/1/scheduled.0/habcd", "scheduled.0"],
    ["campaigns", "a/0/open.found.2.12/habcd", "open.found.2.12"],
    ["keys", "0/2/role.send/habcd", "role.send"],
    ["keys", "0/0/days.send.365/habcd", "days.send.365"],
    ["keys", "1/0/revoke.7/habcd", "revoke.7"],
    ["keys", "0/0/yes-revoke.7/habcd", "yes-revoke.7"],
    ["keys", "0/0/hide/habcd", "hide"],
    ["language", "7/1/zh/habcd", "zh"],
    ["settings", "0/1/day/habcd", "day"],
    ["settings-options", "0/0/silent.on/habcd", "silent.on"],
    ["settings-lifetime", "0/4/48/habcd", "48"],
    ["settings-tell", "1/0/began.off/habcd", "began.off"],
    ["webhooks", "0/0/open.7/habcd", "open.7"],
    ["webhooks", "0/0/resend.7/habcd", "resend.7"],
    ["webhooks", "1/0/disable.7/habcd", "disable.7"],
    ["webhooks", "0/0/yes-delete.7/habcd", "yes-delete.7"],
  ] as const)("%s/%s", (name, rest, what) => {
    expect(screenTap(name).parse(`${name}/${rest}`)?.what).toBe(what);
  });

  test.each([
    ["campaigns", "list"],
    ["campaigns", "open.running.0.12"],
    ["admins", "remove:7"],
    ["settings-options", "silent.on"],
  ] as const)("%s:%s", (name, what) => {
    expect(screenLink(name).parse(`${name}:${what}`)).toBe(what);
  });
});
