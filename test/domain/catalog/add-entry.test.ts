import { describe, expect, it } from 'vitest';
import { addEntry } from '../../../src/domain/catalog/add-entry.ts';

const entry = { owner: 'web', image: 'ghcr.io/acme/new' };

describe('adding an entry to a catalog', () => {
  it.each([
    [
      'behind the last, whose comments stay its own',
      'services:\n  a: # first\n    owner: x # who\n\n  # about b\n  b: { owner: y } # in one line\n',
      'services:\n  a: # first\n    owner: x # who\n\n  # about b\n  b: { owner: y } # in one line\n  new:\n    owner: web\n    image: ghcr.io/acme/new\n',
    ],
    [
      'before what follows the services, with the indentation that is there',
      'services:\n    a:\n        owner: x\n# the end\ndefaults: {}\n',
      'services:\n    a:\n        owner: x\n    new:\n      owner: web\n      image: ghcr.io/acme/new\n# the end\ndefaults: {}\n',
    ],
    [
      'to a file without a line feed at its end',
      'services:\n  a: { owner: x }',
      'services:\n  a: { owner: x }\n  new:\n    owner: web\n    image: ghcr.io/acme/new\n',
    ],
    [
      'to none',
      'kind: Catalog\nservices: {}\n',
      'kind: Catalog\nservices:\n  new:\n    owner: web\n    image: ghcr.io/acme/new\n',
    ],
  ])('%s', (_, before, after) => {
    expect(addEntry(before, 'new', entry)).toEqual({ kind: 'added', text: after });
  });

  it.each([
    ['one that is there', 'services:\n  new: { owner: x }\n', 'it has new already'],
    ['a file that cannot be read', 'services:\n  a: [\n', 'cannot be read'],
    ['a file without services', 'kind: Catalog\n', 'it has no services'],
    ['services in braces', 'services: { a: { owner: x } }\n', 'in braces'],
  ])('is refused for %s', (_, text, says) => {
    expect(addEntry(text, 'new', entry)).toMatchObject({
      kind: 'refused',
      says: expect.stringContaining(says),
    });
  });
});
