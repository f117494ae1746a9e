// The register of refusals and the table of rights hold together.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCode, httpStatus, isRefusal, refuse, register, type RefusalCode } from '#lib/core/errors.ts';
import type { Version } from '#lib/core/ids.ts';
import { may, requireMay, rights, type Actor, type Role, type Verb } from '#lib/core/people.ts';
import { sayReason, type Reason } from '#lib/core/reason.ts';
import { hindranceOf, stepFrom, steps, type DraftState, type Step } from '#lib/core/release.ts';
import { name, project } from '../support/cases.ts';

const codes = Object.keys(register) as RefusalCode[];
const groups = ['documents', 'keys', 'files', 'accounts', 'running', 'clients'];
const read = (place: string): string => readFileSync(place, 'utf8');

describe('the register', () => {
  it.each(codes)('%s is area.reason, has a status, an exit code and a sentence that ends', (code) => {
    const moment = Date.parse('2026-11-22T12:00:00Z');
    const samples: Record<string, unknown> = { at: moment, from: moment, why: 'it is so.' };
    const details = new Proxy({}, { get: (_, field) => samples[String(field)] ?? ['x'] });
    const sentence = (register[code].say as (d: unknown) => string)(details);
    expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*(?:\.[a-z0-9-]+)?$/);
    expect(httpStatus[register[code].kind]).toBeGreaterThanOrEqual(400);
    expect(exitCode[register[code].kind]).toBeGreaterThan(0);
    expect(sentence).toMatch(/[.?!”]$/);
  });

  it('has each code in one file, sorted into it, and somebody who says it', () => {
    const rows = groups.flatMap(
      (group) => read(`lib/core/refusals-of-${group}.ts`).match(/^ {2}'?[\w.-]+'?(?=: \{ kind)/gm) ?? [],
    );
    const written = rows.map((row) => row.replaceAll(/[ ']/g, ''));
    expect(written.filter((code, at) => written.indexOf(code) !== at)).toEqual([]);
    expect(written.sort()).toEqual([...codes].sort());
    const rooms = ['lib', 'app', 'components', 'cli', 'web', 'jobs', 'admin', 'countersigner', 'scripts'];
    const places = rooms.flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(?:tsx?|mjs)$/.test(name) && !/generated|refusals-of-/.test(name))
        .map((name) => path.join(room, name)),
    );
    const said = places.map(read).join('\n');
    expect(codes.filter((code) => !said.includes(`'${code}'`) && !said.includes(`\`${code}`))).toEqual([]);
  });

  it('recognises a refusal from another copy of the module by its brand', () => {
    const foreign = { [Symbol.for('countersign.refusal')]: true };
    expect([
      isRefusal(refuse('input.missing', { field: 'name' })),
      isRefusal(foreign),
      isRefusal(new Error('x')),
      isRefusal(null),
    ]).toEqual([true, true, false, false]);
  });

  it('every reason for a signature is a sentence without “invalid signature”', () => {
    const reason = { code: 'wrong-bytes', key: 'A'.repeat(40), matches: 'revision 2' } as Reason;
    expect(sayReason(reason)).toContain('it matches revision 2');
    expect(sayReason({ code: 'text-mode' })).not.toMatch(/invalid signature/i);
  });
});

const roles: Role[] = ['owner', 'maintainer', 'invited', 'none'];
const ownerOnly: Verb[] = [
  'person.invite',
  'invitation.revoke',
  'policy.propose',
  'policy.withdraw',
  'draft.withdraw',
  'release.yank',
  'declaration.sign',
  'project.set-status',
];

describe('rights', () => {
  it('a stranger and an invited person may only read what is public', () => {
    const allowed = (Object.keys(rights) as Verb[]).filter((verb) => may('none', verb) || may('invited', verb));
    expect(allowed).toEqual(['project.read']);
  });

  it.each(ownerOnly)('%s is for owners alone', (verb) => {
    expect(roles.filter((role) => may(role, verb))).toEqual(['owner']);
  });

  it('nobody who is not signed in acts, whatever role is claimed for them', () => {
    const actors: Actor[] = [{ kind: 'visitor' }, { kind: 'jobs' }, { kind: 'countersigner' }];
    for (const actor of actors)
      expect(() => requireMay(actor, 'owner', 'draft.open', project)).toThrow('Please sign in');
  });

  it('a person with the right gets their name back', () => {
    expect(requireMay({ kind: 'person', name: name('ada') }, 'maintainer', 'draft.open', project)).toBe('ada');
  });
});

describe('the life of a release', () => {
  it.each<[state: DraftState, may: Step[]]>([
    ['withdrawn', []],
    ['expired', []],
    ['published', ['quarantine']],
    ['quarantined', ['sign-again', 'publish-again']],
  ])('from a release that is %s start only %j', (state, allowed) => {
    for (const step of Object.keys(steps) as Step[])
      if (!allowed.includes(step)) expect(() => stepFrom(state, step)).toThrow(`The draft is ${state}`);
    for (const step of allowed) expect(steps[step].from).toContain(state);
  });

  const release = { project, version: '1.2.0' as Version };
  it.each([
    ['active', [], null],
    ['active', ['bo'], 'release.declined'],
    ['archived', [], 'project.not-active'],
    ['quarantined', ['bo'], 'project.not-active'],
  ] as const)('in a project that is %s, declined by %j, is held back by %s', (status, by, code) => {
    expect(hindranceOf({ ...release, status, declinedBy: by.map(name) })?.code ?? null).toBe(code);
  });

  it('a draft is approved, an approved one published', () => {
    expect([stepFrom('draft', 'approve'), stepFrom('approved', 'publish')]).toEqual(['approved', 'published']);
  });
});
