# A Node image with npm, where the one at hand has Node alone.
ARG NODE_IMAGE=node:26-bookworm-slim
FROM ${NODE_IMAGE}
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
