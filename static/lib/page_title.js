/** The title of the tab: what the page is, and how much there waits for its reader. */

let name = "";
let waiting = 0;

/** @param {string} words */
export function setPageName(words) {
  name = words;
  write();
}

/** @param {number} count 0: nothing */
export function setWaiting(count) {
  waiting = count;
  write();
}

function write() {
  const title = waiting > 0 ? `(${waiting}) ${name}` : name;
  if (name && document.title !== title) document.title = title;
}
