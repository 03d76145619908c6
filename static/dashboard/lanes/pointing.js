/** Pointer, wheel and keyboard on the lanes; what they mean is the board's to do. */

const ZOOM = 1.5;
const WHEEL_ZOOM = 1.0015; // for each pixel of the wheel
const DRAG_PX = 4;
const PAGE = 10;
const STEP = 0.2; // of what is in sight

/** @param {import("./board.js").Board} board */
export function listen(board) {
  const { list, scroller } = board;
  /** @type {{x: number, id: number, moved: boolean} | null} */
  let drag = null;

  scroller.addEventListener(
    "wheel",
    (event) => {
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey || overHead(event)) board.zoom(WHEEL_ZOOM ** -event.deltaY, board.timeAt(event.clientX));
      else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) board.pan(sideways / board.width);
      else return;
      event.preventDefault();
    },
    { passive: false },
  );

  list.addEventListener("pointerdown", (event) => {
    if (event.button === 0) drag = { x: event.clientX, id: event.pointerId, moved: false };
  });
  list.addEventListener("pointermove", (event) => {
    if (drag && (drag.moved || Math.abs(event.clientX - drag.x) > DRAG_PX)) {
      if (!drag.moved) list.setPointerCapture(drag.id);
      board.pan((drag.x - event.clientX) / board.width);
      drag = { ...drag, x: event.clientX, moved: true };
    } else if (event.pointerType !== "touch") {
      board.hand.hover(event.clientX, event.clientY);
    }
  });
  list.addEventListener("pointerup", (event) => {
    if (drag && !drag.moved) board.hand.press(event.clientX, event.clientY);
    drag = null;
  });
  list.addEventListener("pointercancel", () => {
    drag = null;
  });
  list.addEventListener("pointerleave", () => board.hand.unhover());
  scroller.addEventListener("scroll", () => board.soon(), { passive: true });
  list.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !key(board, event)) return;
    event.preventDefault();
  });
  list.addEventListener("focus", () => {
    // Reached by the keyboard; a press chooses its own lane.
    if (board.hand.chosen === null && list.matches(":focus-visible")) board.hand.choose(board.firstInSight);
  });

  /** @param {WheelEvent} event */
  function overHead(event) {
    return board.head.contains(/** @type {Node} */ (event.target));
  }
}

/**
 * @param {import("./board.js").Board} board
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key meant something
 */
function key(board, event) {
  const last = board.ids.length - 1;
  const { hand } = board;
  const { index } = hand;
  const side = event.key === "ArrowRight" ? 1 : -1;
  switch (event.key) {
    case "ArrowDown":
      return hand.choose(Math.min(index + 1, last));
    case "ArrowUp":
      return hand.choose(Math.max(index - 1, 0));
    case "PageDown":
      return hand.choose(Math.min(index + PAGE, last));
    case "PageUp":
      return hand.choose(Math.max(index - PAGE, 0));
    case "Home":
      return hand.choose(0);
    case "End":
      return hand.choose(last);
    case "ArrowLeft":
    case "ArrowRight":
      return event.shiftKey ? board.pan(side * STEP) : hand.walk(side);
    case "+":
    case "=":
      return board.zoom(ZOOM);
    case "-":
      return board.zoom(1 / ZOOM);
    case "0":
      return board.showWhole();
    case "Enter":
      return hand.open();
    case "Escape":
      return hand.forget();
    default:
      return false;
  }
}
