/** German. Data only, so that another language is another file like this one. */
import app from "./de/app.js";
import errors from "./de/errors.js";
import setup from "./de/setup.js";
import live from "./de/live.js";
import steer from "./de/steer.js";
import drawer from "./de/drawer.js";
import lanes from "./de/lanes.js";
import student from "./de/student.js";

export default {
  language: "de-DE",
  name: "Deutsch",
  entries: { ...app, ...errors, ...setup, ...live, ...steer, ...drawer, ...lanes, ...student },
};
