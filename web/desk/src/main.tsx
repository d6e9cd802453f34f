import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@parley/tokens/tokens.css';
import '@parley/tokens/fonts.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/thread.css';
import './styles/typing.css';
import './styles/composer.css';
import './styles/panel.css';
import './styles/overlays.css';
import './styles/offers.css';
import './styles/forms.css';
import './styles/care.css';
import './styles/transfer.css';
import './styles/pages.css';
import './styles/reports.css';
import './styles/responsive.css';
import { followSession } from './desk/current.js';
import { followHistory } from './desk/navigation.js';
import { applyPreferences } from './desk/preferences.js';
import { followOtherTabs } from './session/session.js';
import { App } from './views/app.js';

applyPreferences();
followHistory();
followOtherTabs();
followSession();
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
