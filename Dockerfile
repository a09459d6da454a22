# Debian rather than Alpine: the type checker and the linter ship binaries for glibc first,
# and no run-time dependency is native, so that Alpine would save a few megabytes only.
FROM node:24-slim AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM node:24-slim AS runtime
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY migrations ./migrations
COPY locales ./locales
# The program stays root's and read-only; only the data folder is the user's. A named volume inherits that.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data

# Healthy means: within the last 30 s the database answered, and Telegram answered a poll in the last 90 s.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["node", "dist/healthcheck.js"]

# A heap that grows in small steps: by default Node lets some 100 MB of garbage lie in a large campaign.
# The exec form: SIGTERM reaches Herald, which lets calls in flight end (up to 13 s) before it exits.
CMD ["node", "--heap-growing-percent=20", "--enable-source-maps", "dist/main.js"]
