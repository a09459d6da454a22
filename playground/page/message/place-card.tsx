import type { Location, Venue } from "@grammyjs/types";
import { Link } from "./anchor.tsx";
import { t } from "../state/locale.ts";

/** A place: a drawn map (no real one is fetched), its title and address. */
export function Place({ location, venue }: { location: Location; venue?: Venue | undefined }) {
  const { latitude, longitude, live_period: live } = location;
  const at = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  return (
    <div class="place">
      <Link
        to={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`}
        class="map"
        title={t("open-map")}
      >
        <span class="unseen">{t("map-of", { place: venue?.title ?? at })}</span>
        <Streets />
      </Link>
      <div class="place-words">
        <b dir="auto">{venue?.title ?? t(live === undefined ? "kind-location" : "live-location")}</b>
        <span class="quiet" dir="auto">
          {venue?.address ?? at}
        </span>
      </div>
    </div>
  );
}

/** A drawn street map with a pin in the middle. */
export function Streets() {
  return (
    <svg class="streets" viewBox="0 0 320 170" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <rect width="320" height="170" class="land" />
      <path class="park" d="M20 96h74v52H34zM226 14h66l12 40-60 12z" />
      <path class="water" d="M-10 40C50 20 70 60 120 44s60-50 110-62" />
      <path
        class="street"
        d="M-5 84h330M108-5v180M210-5v180M-5 152l330-30M30-5l40 180M268-5l20 180M108 30h102"
      />
      <path class="avenue" d="M-5 120L325 50M160-5v180" />
      <path class="pin" d="M160 90s-18-20-18-34a18 18 0 0 1 36 0c0 14-18 34-18 34z" />
      <circle class="pin-eye" cx="160" cy="56" r="7" />
    </svg>
  );
}
