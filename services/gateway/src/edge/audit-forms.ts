import { LANGUAGE_TAG, routing, type FieldSchema } from '@parley/contracts';
import { isId } from '@parley/kernel';

const ROUTING = 'parley.routing.v1';
const ZONE = /^[A-Za-z][\w+-]*(\/[\w+-]+)*$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const DAY_MINUTES = 1440;

/** Texts that come from a closed vocabulary, by message and field: what they look like. */
const VOCABULARY: Readonly<Record<string, RegExp>> = {
  [`${ROUTING}.Schedule.timeZone`]: ZONE,
  [`${ROUTING}.PutAgentRequest.languages`]: LANGUAGE_TAG,
};

/** Lists of things of which the numbers, dates and ids are told, by their message. */
const FORMS: Readonly<Record<string, (entries: readonly unknown[]) => string[]>> = {
  [`${ROUTING}.WeeklyPeriod`]: (entries) =>
    weekly(entries.map((entry) => routing.WeeklyPeriod.fromJSON(entry))),
  [`${ROUTING}.ScheduleException`]: (entries) =>
    entries
      .map((entry) => routing.ScheduleException.fromJSON(entry))
      .map(({ date, periods }) => {
        const day = DATE.test(date) ? date : '?';
        return `${day} ${periods.length === 0 ? 'closed' : hours(periods)}`;
      }),
  [`${ROUTING}.Filter`]: (entries) => entries.map((entry) => routing.Filter.fromJSON(entry)).map(filter),
};

/**
 * The short form, entry by entry, of a field that may be told although the general rule leaves it out; undefined: it may
 * not. Takes the value of protobuf's JSON form.
 */
export const shortForm = (
  message: string,
  { name, type, typeName = '', repeated }: FieldSchema,
  value: unknown,
): string[] | undefined => {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (type === 'message') return repeated ? FORMS[typeName]?.(entries) : undefined;
  const looks = VOCABULARY[`${message}.${name}`];
  return looks && entries.map((entry) => (typeof entry === 'string' && looks.test(entry) ? entry : '?'));
};

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const isMinute = (minute: number): boolean => minute >= 0 && minute <= DAY_MINUTES;

const hours = (periods: readonly routing.DayPeriod[]): string =>
  [...periods]
    .sort((a, b) => a.fromMinute - b.fromMinute)
    .map(({ fromMinute, toMinute }) =>
      isMinute(fromMinute) && isMinute(toMinute) ? `${clock(fromMinute)}-${clock(toMinute)}` : '?',
    )
    .join(' ');

/** Days that follow each other and have the same hours are told as one. */
const weekly = (periods: readonly routing.WeeklyPeriod[]): string[] => {
  const runs: { readonly from: string; to: string; readonly hours: string; next: number }[] = [];
  for (const [i, day] of DAYS.entries()) {
    const own = periods.filter((period) => period.day === i + 1);
    if (own.length === 0) continue;
    const last = runs.at(-1);
    const text = hours(own);
    if (last?.next === i && last.hours === text) {
      last.to = day;
      last.next++;
    } else runs.push({ from: day, to: day, hours: text, next: i + 1 });
  }
  return runs.map((run) => `${run.from === run.to ? run.from : `${run.from}-${run.to}`} ${run.hours}`);
};

/** Where a filter's chats go, in order, and what they ask for: "sales > support (billing 4, de)". */
const filter = ({ targets, requirements }: routing.Filter): string => {
  const to = targets.map(({ to }) => {
    if (to?.$case === 'queueId') return idOf(to.value);
    return to ? routing.overflowToJSON(to.value) : '?';
  });
  const asked = Object.entries(requirements?.skills ?? {}).map(([skill, level]) => `${idOf(skill)} ${level}`);
  const language = requirements?.language ?? '';
  if (language) asked.push(language === 'visitor' || LANGUAGE_TAG.test(language) ? language : '?');
  return `${to.join(' > ') || '?'}${asked.length > 0 ? ` (${asked.join(', ')})` : ''}`;
};

const idOf = (text: string): string => (isId(text) ? text : '?');
