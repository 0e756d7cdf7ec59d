import type { Origin } from '../domain/candidate/candidate.ts';

/** Digits of a commit that people read. */
const SHORT = 12;

/** Where a candidate came from, in a few words; none for what was typed or verified. */
export function originWords(origin: Origin | undefined): string[] {
  switch (origin?.kind) {
    case undefined:
      return [];
    case 'artifact':
      return [`from ${origin.reporter}${origin.commit ? ` at ${origin.commit.slice(0, SHORT)}` : ''}`];
    case 'tag':
      return [`newest tag by ${origin.policy}`];
    case 'github':
      return [`${origin.commit.slice(0, SHORT)} ${origin.because}`];
  }
}

/** The same for a file, with what is too long for a card. */
export function originLines(origin: Origin | undefined): string[] {
  if (origin === undefined) return [];
  const words = originWords(origin).join('');
  switch (origin.kind) {
    case 'artifact':
      return [
        `    ${words}, reported ${origin.at}`,
        ...(origin.build === undefined ? [] : [`    build ${origin.build}`]),
      ];
    case 'tag':
      return [`    ${words}: ${origin.tag}`];
    case 'github':
      return [`    ${words} in ${origin.repository}`];
  }
}
