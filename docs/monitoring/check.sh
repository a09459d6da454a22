#!/bin/sh
# Checks this folder with promtool, which comes with Debian's package prometheus. With HERALD_KEY set, also the page of a
# running Herald at HERALD_URL (default: http://127.0.0.1:8080).
set -eu
cd "$(dirname "$0")"
promtool check config --syntax-only prometheus.yml
promtool check rules alerts.yml
promtool test rules alerts.test.yml
node -e 'JSON.parse(require("fs").readFileSync("dashboard.json", "utf8"))'
if [ -n "${HERALD_KEY:-}" ]; then
  curl -fsS "${HERALD_URL:-http://127.0.0.1:8080}/metrics" -H "Authorization: Bearer $HERALD_KEY" | promtool check metrics
  echo "the page is fine"
fi
