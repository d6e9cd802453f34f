import type { ReactElement } from 'react';
import type { AdminSection } from '../../state/route.js';

/** What an admin configures. */
export const AdminPage = ({ section }: { section: AdminSection; id: string }): ReactElement => (
  <section className="page" data-section={section} />
);
