/** German: a student's drawer and the answers of everyone. */
export default {};
