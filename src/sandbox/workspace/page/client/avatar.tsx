import type { ScreenPerson } from '../screen.ts';

/** A person's picture: initials on a colour of their own, a signal for the app, a plain mark for Slack itself. */
export function Avatar({ person, size = 'm' }: { person: ScreenPerson | undefined; size?: 's' | 'm' | 'l' }) {
  if (person === undefined)
    return (
      <span className={`avatar avatar-${size} avatar-system`} aria-hidden="true">
        !
      </span>
    );
  if (person.kind === 'bot') {
    return (
      <span className={`avatar avatar-${size} avatar-app`} aria-hidden="true">
        <i />
        <i />
      </span>
    );
  }
  const initials = person.realName
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0))
    .join('');
  return (
    <span
      className={`avatar avatar-${size}`}
      style={{ backgroundColor: `hsl(${person.hue} 46% 40%)` }}
      aria-hidden="true"
    >
      {initials.toUpperCase()}
    </span>
  );
}

/** What a person is to the workspace, in a word; empty for full members. */
export function kindLabel(person: ScreenPerson): string {
  switch (person.kind) {
    case 'guest':
    case 'single_channel_guest':
      return 'Guest';
    case 'external':
      return 'Other company';
    case 'bot':
      return 'App';
    case 'deactivated':
      return 'Left';
    case 'member':
      return '';
  }
}
