import type { Location, Message, Venue } from "@grammyjs/types";
import type { Params } from "../wire/params.ts";
import { badRequest } from "../wire/refusal.ts";
import type { Call } from "./call.ts";
import { send } from "./send.ts";

export function sendLocation(call: Call): Message {
  return send(call, { location: readLocation(call.params) });
}

export function sendVenue(call: Call): Message {
  const venue = readVenue(call.params);
  return send(call, { location: venue.location, venue });
}

export function readVenue(params: Params): Venue {
  const [title, address] = [params.text("title") ?? "", params.text("address") ?? ""];
  if (title === "") throw badRequest("venue title must be non-empty");
  const venue: Venue = { location: readLocation(params), title, address };
  for (const field of PLACE_IDS) {
    const value = params.text(field);
    if (value !== undefined && value !== "") venue[field] = value;
  }
  return venue;
}

const PLACE_IDS = ["foursquare_id", "foursquare_type", "google_place_id", "google_place_type"] as const;

/** Reads a location, which is live if it has a `live_period`. */
export function readLocation(params: Params): Location {
  const [latitude, longitude] = [params.number("latitude"), params.number("longitude")];
  if (latitude === undefined) throw badRequest("latitude is empty");
  if (longitude === undefined) throw badRequest("longitude is empty");
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) throw badRequest("wrong location specified");
  const accuracy = params.number("horizontal_accuracy");
  return {
    latitude,
    longitude,
    ...(accuracy !== undefined && accuracy > 0 && { horizontal_accuracy: Math.min(accuracy, 1500) }),
    ...readLive(params),
  };
}

function readLive(params: Params): Partial<Location> {
  const period = params.integer("live_period") ?? 0;
  if (period === 0) return {};
  // Bot API, "sendLocation".
  if (period !== 0x7fffffff && (period < 60 || period > 86_400))
    throw badRequest("wrong live location period specified");
  const [heading, radius] = [params.integer("heading"), params.integer("proximity_alert_radius")];
  return {
    live_period: period,
    ...(heading !== undefined && { heading }),
    ...(radius !== undefined && { proximity_alert_radius: radius }),
  };
}
