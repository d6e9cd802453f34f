import type { routingEvents } from '@parley/client';
import type { Form } from './use-form.js';

/** The form of hours. */
export type ScheduleForm = Form<routingEvents.Schedule>;
