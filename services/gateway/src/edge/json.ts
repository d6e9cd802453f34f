import { ApiError, ErrorCode } from '@parley/kernel';

/** A request as a whole is wrong: no field of it can be named. */
export const malformed = (message: string): ApiError =>
  new ApiError(ErrorCode.invalidArgument, message, { reason: 'INVALID_ARGUMENT' });

/** Parses JSON. Throws `invalidArgument` that says at which character it breaks off; never repeats what was sent. */
export const parseJson = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(`the ${what} is not valid JSON at position ${breaksAt(text)}`);
  }
};

/** Length of the longest start of the text that some JSON could begin with. The parser itself often does not tell. */
const breaksAt = (text: string): number => {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (mayGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
};

const mayGoOn = (start: string): boolean => {
  try {
    JSON.parse(start);
    return true;
  } catch (error) {
    const { message } = error as SyntaxError;
    const position = / at position (\d+)/.exec(message)?.[1];
    return /end of JSON input|^Unterminated/.test(message) || Number(position) === start.length;
  }
};
