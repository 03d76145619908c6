// Reads [{events, moments, students, heartbeatSeconds}] from standard input and writes, for each, the
// state of every student at each moment as the lanes show it: {status, away, hand, answered}.
import { text } from "node:stream/consumers";

import { Picture } from "../../../static/dashboard/lanes/model.js";
import { stateAt } from "../../../static/dashboard/lanes/segments.js";

const sittings = JSON.parse(await text(process.stdin));
const told = sittings.map(({ events, moments, students, heartbeatSeconds }) => {
  const picture = new Picture({ heartbeatSeconds });
  picture.add(events);
  return moments.map((moment) => Object.fromEntries(students.map((id) => [id, stateAt(picture, id, Date.parse(moment))])));
});
process.stdout.write(JSON.stringify(told));
