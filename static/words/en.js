/** English. Data only, so that another language is another file like this one. */
import app from "./en/app.js";
import errors from "./en/errors.js";
import setup from "./en/setup.js";
import live from "./en/live.js";
import steer from "./en/steer.js";
import drawer from "./en/drawer.js";
import lanes from "./en/lanes.js";
import student from "./en/student.js";

export default {
  language: "en-GB",
  name: "English",
  entries: { ...app, ...errors, ...setup, ...live, ...steer, ...drawer, ...lanes, ...student },
};
