import type { ReactElement } from 'react';

/** How queues and agents stand, live. */
export const WallPage = (): ReactElement => <section className="page" />;
