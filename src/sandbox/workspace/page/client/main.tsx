import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import 'slack-blocks-to-jsx/dist/style.css';
import './style/frame.css';
import './style/sidebar.css';
import './style/channel.css';
import './style/message.css';
import './style/blocks.css';
import './style/controls.css';
import './style/composer.css';
import './style/columns.css';
import './style/window.css';
import './style/narrow.css';

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App />);
