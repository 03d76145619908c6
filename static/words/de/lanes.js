/** German: the picture of a sitting over time. */
export default {};
