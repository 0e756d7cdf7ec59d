/** The message a permalink names, by its path; empty where the path names none. */
export function linkedMessage(path = location.pathname): { channelId: string; ts: string } {
  const [, channelId = '', seconds = '', micros = ''] =
    /^\/archives\/(\w+)\/p(\d{10})(\d{6})/.exec(path) ?? [];
  return { channelId, ts: seconds === '' ? '' : `${seconds}.${micros}` };
}

/** Follows a pressed link: to a message of this workspace within the page, to anything else beside it. */
export function followLink(event: React.MouseEvent, goTo: (channelId: string, ts: string) => void): void {
  const link = (event.target as Element).closest('a');
  if (link === null) return;
  const { channelId, ts } = linkedMessage(link.origin === location.origin ? link.pathname : '');
  if (channelId === '') {
    link.target = '_blank';
    link.rel = 'noreferrer';
    return;
  }
  event.preventDefault();
  goTo(channelId, ts);
}
