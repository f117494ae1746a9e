// A release that holds, for people and for programs. Names and reasons in it come from documents: they are spelled out for terminals.
import type { Declared } from './check-declared.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { Verified } from './verify-release.ts';

/** One line of JSON. */
export function renderVerifiedJson({ collected, met, decided, files }: Verified): string {
  const { record } = collected.record;
  const signatures = record.signatures.map(({ person, key, over, received }) => ({ person, key, over, received }));
  return `${JSON.stringify({
    ...{ accepted: true, index: record.index, project: record.project, version: record.version },
    ...{ indexKey: met.key.facts.primary, trust: decided ? 'threshold' : 'index' },
    ...(decided && {
      policy: record.policy,
      newChain: decided.people.newChain,
      threshold: decided.check.verdict.required,
      people: decided.check.verdict.counted,
      signatures,
      ...{ yanked: decided.declared.yanked, projectStatus: decided.declared.status },
    }),
    files: files.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
  })}\n`;
}

/** Lines for people. */
export function renderVerified(verified: Verified): string {
  const { collected, met, decided, files } = verified;
  const { record } = collected.record;
  const lines = [
    `${record.project} ${record.version} from ${record.index} holds.`,
    ...(decided ? sayDecided(verified, decided) : ['  The index alone says so: its people were not looked at.']),
    `  countersignature  index key ${met.key.facts.primary}, ${record.date}`,
    ...files.map(({ name, size, sha256 }) => `  file              ${name}, ${size} bytes, SHA-256 ${sha256}`),
    ...(decided ? sayMore(decided.check.verdict.notCounted.length) : []),
  ];
  return `${lines.map(safeForTerminal).join('\n')}\n`;
}

function sayDecided({ collected }: Verified, { people, check, declared }: NonNullable<Verified['decided']>): string[] {
  const { record } = collected.record;
  const { verdict, statementSha256 } = check;
  return [
    ...sayNewChain(people.newChain),
    ...sayDeclared('It is', declared.yanked),
    ...sayDeclared('The project is', declared.status),
    `  statement         SHA256SUMS, SHA-256 ${statementSha256}`,
    ...record.signatures.map(
      ({ person, key: by, over, received }) =>
        `  signed by         ${person} with ${by} over ${over}, received ${received}`,
    ),
    `  threshold         ${verdict.counted.length} of ${verdict.required} needed people, policy ${record.policy}`,
  ];
}

/** Loud: who trusted the project before did not trust these people. */
const sayNewChain = (version: number | null): string[] =>
  version === null
    ? []
    : [
        `A new chain began with policy ${version}: the people of policy ${version - 1} did not sign it, because too few of their keys were left.`,
        'If you trusted this project before, make sure in another way that it is still in the same hands.',
      ];

/** What an owner declared stands before the rest: it is about whether to install it at all. */
const sayDeclared = (what: string, declared: Declared | null): string[] =>
  declared === null
    ? []
    : [
        `${what} ${declared.says}, as its owner ${declared.by} declared: “${declared.reason}”`,
        ...(declared.doubt === null ? [] : [`  But: ${declared.doubt}`]),
      ];

const sayMore = (count: number): string[] =>
  count === 0 ? [] : [`${count} more signature${count === 1 ? '' : 's'} did not count.`];
