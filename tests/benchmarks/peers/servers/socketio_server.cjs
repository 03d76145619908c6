// The job on Node's socket.io with its Redis adapter and pg; modules are found by NODE_PATH.
//
//   node socketio_server.cjs POSTGRES_URL REDIS_URL SECRET PORT
//
// Follows the project's documentation: a middleware authenticates, socket.data says who it is,
// rooms are for dashboards, the callback acknowledges.
"use strict";

const { createServer } = require("node:http");
const { Server } = require("socket.io");
const { createAdapter } = require("@socket.io/redis-adapter");
const { createClient } = require("redis");
const { Pool } = require("pg");
const jwt = require("jsonwebtoken");

const [postgresUrl, redisUrl, secret, port] = process.argv.slice(2);
const pool = new Pool({ connectionString: postgresUrl, max: 10 });

async function main() {
  const publisher = createClient({ url: redisUrl });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  const http = createServer();
  const io = new Server(http, { adapter: createAdapter(publisher, subscriber) });

  async function keep(who, change, told) {
    const now = new Date();
    await pool.query({
      name: change,
      text: `UPDATE seats SET last_activity = $1, ${change} WHERE student_id = $2`,
      values: [now, who.sub],
    });
    io.to(who.session).emit("seat", { student_id: who.sub, last_activity: now, ...told });
  }

  io.use((socket, next) => {
    try {
      socket.data.who = jwt.verify(socket.handshake.auth.token, secret, { algorithms: ["HS256"] });
      next();
    } catch {
      next(new Error("not authenticated"));
    }
  });

  io.on("connection", async (socket) => {
    const { who } = socket.data;
    if (who.role === "dashboard") {
      socket.join(who.session);
      const found = await pool.query(
        "SELECT student_id, connection_status, last_activity, hand FROM seats WHERE session_id = $1",
        [who.session],
      );
      socket.emit("seats", found.rows);
      return;
    }
    socket.on("heartbeat", async (data, acknowledge) => {
      await keep(who, "connection_status = 'CONNECTED'");
      acknowledge(data.n);
    });
    socket.on("hand", async (data, acknowledge) => {
      await keep(who, `hand = ${Boolean(data.up)}`, { hand: Boolean(data.up), n: data.n });
      acknowledge(data.n);
    });
    socket.on("disconnect", () => keep(who, "connection_status = 'DISCONNECTED'"));
    await keep(who, "connection_status = 'CONNECTED'");
  });

  http.listen(Number(port), "127.0.0.1");
}

main();
