import { json, targetOf, type Routes } from "../wire/http.ts";
import type { World } from "../world/world.ts";
import type { Feed } from "./feed.ts";
import { findPeople } from "./search.ts";
import { summaryOf } from "./summary.ts";

/** Serves the stream of events and the search for people. What the page does goes to control/. */
export function liveRoutes(world: World, feed: Feed): Routes {
  return (path, request, _body, response) => {
    if (request.method !== "GET") return false;
    const asked = (name: string) => new URLSearchParams(targetOf(request).query).get(name) ?? "";
    switch (path) {
      case "/playground/events": {
        const chat = asked("chat");
        feed.open(chat === "" ? undefined : Number(chat), response);
        return true;
      }
      case "/playground/people": {
        const found = findPeople(world, asked("query"));
        json(
          response,
          200,
          found.map((place) => summaryOf(world, place)),
        );
        return true;
      }
      default:
        return false;
    }
  };
}
