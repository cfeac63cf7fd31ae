// The functions that make a target observable, for Node.js 18 and newer; handlers.py has the others.

/** Return the event. */
export const echo = async (event) => event;

/** Throw an Error with the message that the event asks for. */
const fail = async (event) => {
  throw new Error(event?.message ?? "raised on purpose");
};
export { fail as raise };

/** Return nothing. */
export const nothing = async () => {};
