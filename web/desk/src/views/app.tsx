import { type ReactElement, useEffect } from 'react';
import { startAlerts } from '../desk/alerts.js';
import { keepAttention } from '../desk/attention.js';
import { currentDesk } from '../desk/current.js';
import type { Desk } from '../desk/desk.js';
import { session } from '../session/session.js';
import { DeskContext, useStore, useWords } from '../ui/hooks.js';
import { LoginPage } from './login.js';
import { Shell } from './shell.js';

/** The whole desk: the login page, or what is behind it. */
export const App = (): ReactElement => {
  const state = useStore(session);
  const desk = useStore(currentDesk);
  return desk && state.login ? (
    <SignedIn key={state.login.user.userId} desk={desk} />
  ) : (
    <LoginPage why={state.login ? 'new' : state.why} />
  );
};

const SignedIn = ({ desk }: { desk: Desk }): ReactElement => {
  const { t } = useWords();
  useEffect(() => startAlerts(desk, t), [desk, t]);
  useEffect(() => keepAttention(desk), [desk]);
  return (
    <DeskContext value={desk}>
      <Shell />
    </DeskContext>
  );
};
