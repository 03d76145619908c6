// Node's ws, Redis in between: node ws_server.cjs REDIS_URL PORT (modules found by NODE_PATH).
"use strict";

const { WebSocketServer, WebSocket } = require("ws");
const { createClient } = require("redis");

async function main(redisUrl, port) {
  const server = new WebSocketServer({ host: "127.0.0.1", port, perMessageDeflate: false });
  const redis = createClient({ url: redisUrl });
  await redis.connect();
  await redis.subscribe("bench:fanout", (text) => {
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(text);
    }
  });
}

main(process.argv[2], Number(process.argv[3]));
