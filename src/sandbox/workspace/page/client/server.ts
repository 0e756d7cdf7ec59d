import type { Act, ActResult } from '../act.ts';
import type { Screen } from '../screen.ts';

/** Asks the server what a person sees. An empty `who` is whoever the page starts with. */
export async function fetchScreen(who: string, channelId: string): Promise<Screen> {
  const query = new URLSearchParams({ as: who, channel: channelId });
  const response = await fetch(`/page/screen?${query}`);
  if (!response.ok) throw new Error(`the workspace answered ${response.status}`);
  return (await response.json()) as Screen;
}

/** Does something as a person. */
export async function sendAct(who: string, act: Act): Promise<ActResult> {
  const response = await fetch(`/page/act?${new URLSearchParams({ as: who })}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(act),
  });
  if (!response.ok) return { words: `The workspace answered ${response.status}.` };
  return (await response.json()) as ActResult;
}
