# One image for every program of the server: web (the default), jobs, countersigner, admin. Built in two stages, so that what runs has no compiler, no tests and no development packages.
# It runs as a user of its own on a read-only root; what it keeps is in /data (web, jobs) or /state (countersigner). docs/guide/containers.md says how; compose.yaml is an example.

FROM node:20-bookworm-slim AS build
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build
RUN npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
LABEL org.opencontainers.image.title="Countersign" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0 PORT=3000 DATA_DIR=/data STATE_DIR=/state LOG=json
# A new volume takes its owner from the folder that it is laid over.
RUN install -d -o node -g node -m 700 /data /state && install -d -o node -g node /index-key
WORKDIR /app
COPY --from=build /app/package.json /app/next.config.ts ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/prisma ./prisma
COPY --from=build /app/docs ./docs
COPY --from=build /app/.next ./.next
COPY --from=build /app/.build ./.build
USER node
VOLUME ["/data", "/state"]
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", ".build/web.mjs"]
