import { useState } from 'react';
import { TextBlocks } from './text-blocks.tsx';

/** What a newcomer can try, from the workspace's options. Folded away it stays a small button. */
export function TryPanel({ markdown }: { markdown: string }) {
  const [isOpen, setIsOpen] = useState(() => window.innerWidth >= 1100);
  if (markdown === '') return null;
  if (!isOpen) {
    return (
      <button type="button" className="try-button" aria-label="Things to try" onClick={() => setIsOpen(true)}>
        ✨<span> Things to try</span>
      </button>
    );
  }
  return (
    <aside className="try" aria-label="Things to try">
      <header>
        <h2>✨ Things to try</h2>
        <button type="button" className="icon-button" aria-label="Hide" onClick={() => setIsOpen(false)}>
          ✕
        </button>
      </header>
      <TextBlocks blocks={[{ type: 'markdown', text: markdown }]} />
    </aside>
  );
}
