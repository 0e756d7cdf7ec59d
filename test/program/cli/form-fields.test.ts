import { describe, expect, it } from 'vitest';
import type { ToldField } from '../../../src/domain/told.ts';
import { TerminalError } from '../../../src/errors.ts';
import { fieldsOf } from '../../../src/program/cli/form-fields.ts';

const title: ToldField = { field: 'title', label: 'Title', isOptional: false, isList: false };
const reason: ToldField = { field: 'reason', label: 'Why', isOptional: true, isList: false };
const leaveOut: ToldField = {
  field: 'leaveOut',
  label: 'Leave out',
  isOptional: true,
  isList: true,
  options: [
    { value: 'web', label: 'web' },
    { value: 'cart', label: 'cart' },
  ],
};

describe('the fields of a form', () => {
  it('are what was said, else what the form held; what nobody filled in is not sent', () => {
    const fields = [{ ...title, initial: 'Trouble' }, reason, leaveOut];
    expect(fieldsOf(fields, [])).toEqual({ title: 'Trouble' });
    expect(fieldsOf(fields, ['title=a=b', 'leaveOut=web,cart'])).toEqual({
      title: 'a=b',
      leaveOut: ['web', 'cart'],
    });
    expect(fieldsOf(fields, ['leaveOut='])).toEqual({ title: 'Trouble', leaveOut: [] });
  });

  it.each([
    ['what must be there', [title, reason], [], 'say --set title=… (Title)'],
    ['a field that there is not', [title], ['titel=x'], 'it has title'],
    ['no field at all', [title], ['x'], 'Write --set field=value'],
    ['a choice that there is not', [leaveOut], ['leaveOut=wbe'], 'wbe is none of web, cart'],
  ])('are refused for %s', (_, fields, set, words) => {
    expect(() => fieldsOf(fields, set)).toThrow(TerminalError);
    expect(() => fieldsOf(fields, set)).toThrow(words);
  });
});
