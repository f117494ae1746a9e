// The text in an evidence bundle: what is in it, and the commands that check it with sha256sum, sqv or gpg alone. Lines that begin with four spaces
// are commands for a POSIX shell, to be run in their order beside the files of the release (tests/interop runs them as they stand). Every
// name in a command was read by lib/core/ids.ts, so that none can be anything but a name; texts of people do not stand here.
import type { FileName, Fingerprint } from '#lib/core/ids.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import {
  fileSignaturesPlace,
  listPlace,
  policyPlace,
  proofOf,
  recordPlace,
  statementPlace,
  statusPlace,
  yankPlace,
} from './bundle-places.ts';
import { certificatePath, indexKeyPath } from './index-tree.ts';
import { indexRotationPath, type IndexRotation } from './key-rotation.ts';
import { eventOf, logKeyPath } from './log-tree.ts';
import { recordPath } from '#lib/simple/page.ts';

export type Signer = { name: string; key: Fingerprint };

export type ReadmeFacts = {
  record: ReleaseRecord;
  threshold: number;
  /** Each policy of the chain, from version 1. */
  policies: readonly { version: number; previous: string | null; signers: readonly Signer[] }[];
  /** The declarations that record and list state. */
  yank: { number: number; signers: readonly Signer[] } | null;
  status: { number: number; signers: readonly Signer[] } | null;
  indexKey: Fingerprint;
  /** Every change of the index key, from the first. */
  keyChanges: readonly KeyChange[];
  hasTuf: boolean;
};

type KeyChange = Pick<IndexRotation, 'number' | 'old' | 'new'>;

type Signed = {
  document: string;
  signatures: string;
  signers: readonly Signer[];
  keyFile: (key: Fingerprint) => string;
};

const digestOf = (place: string): string => `$(sha256sum < ${place} | cut -c 1-64)`;
const signed = (document: string, signers: readonly Signer[]): Signed => ({
  ...{ document, signatures: `${document}.asc`, signers },
  keyFile: certificatePath,
});
const countersigned = (document: string, key: Fingerprint): Signed => ({
  ...signed(document, [{ name: '(the index)', key }]),
  keyFile: () => indexKeyPath,
});

/** The certificates stand in the document itself; keyChangesPart writes them beside the text. */
const changeKeyFile = ({ number }: KeyChange, which: 'old' | 'new'): string => `index-key-${number}-${which}.asc`;
const changed = (change: KeyChange): Signed => ({
  ...signed(indexRotationPath(change.number), [
    { name: '(the index)', key: change.old },
    { name: '(the index)', key: change.new },
  ]),
  keyFile: (key) => changeKeyFile(change, key === change.old ? 'old' : 'new'),
});

/** The whole text. */
export function renderReadme(facts: ReadmeFacts): string {
  const { record, threshold, indexKey } = facts;
  const people = peopleOf(facts);
  const all = [...overRelease(facts), ...overDocuments(facts)];
  return [
    ...headOf(record),
    '1. The files are the ones that were signed',
    '',
    `    sha256sum --check --strict ${statementPlace}`,
    '',
    `2. Who signed: policy ${record.policy} asks for ${threshold === 1 ? 'one person' : `${threshold} people`}`,
    '',
    'Compare these fingerprints with what the people themselves gave you elsewhere. Two keys of one name are one person.',
    '',
    ...[...people, { name: '(the index)', key: indexKey }].map(({ name, key }) => `  ${name.padEnd(12)} ${key}`),
    '',
    ...keyChangesPart(facts),
    'With Sequoia, one command for each signature that counts:',
    '',
    ...all.flatMap(sqvCommands),
    '',
    'Or with GnuPG, in a key ring of its own:',
    '',
    '    export GNUPGHOME="$(mktemp -d)"',
    `    gpg --batch --quiet --import ${keyFilesOf(facts, people).join(' ')}`,
    ...all.flatMap(gpgCommands),
    '    rm -r "$GNUPGHOME"',
    '',
    ...chainPart(facts),
    ...recordPart(facts),
    ...logPart(record),
    ...restPart(facts),
  ].join('\n');
}

const headOf = ({ project, version, index }: ReleaseRecord): string[] => [
  `Evidence for ${project} ${version}, published by ${index}`,
  '',
  'All of it can be checked without that index and without a network. Unpack this archive, put the files of the release beside',
  'this text, open a shell there and run the indented lines in their order, with "sh -e" or one by one. A line that fails says',
  'that something does not hold. Whoever made an archive made its README as well: the same steps for any release are in',
  'docs/formats/evidence.md of Countersign, and docs/verify_release.py there does all of them.',
  '',
];

const keyFilesOf = ({ keyChanges }: ReadmeFacts, people: readonly Signer[]): string[] => [
  ...people.map(({ key }) => certificatePath(key)),
  indexKeyPath,
  ...keyChanges.flatMap((change) => [changeKeyFile(change, 'old'), changeKeyFile(change, 'new')]),
];

/** Nothing where the index has its first key. */
function keyChangesPart({ keyChanges }: ReadmeFacts): string[] {
  if (keyChanges.length === 0) return [];
  const certificateIn = (change: KeyChange, which: 'old' | 'new'): string => {
    const text = `sed -n 's/^  "${which}Certificate": "\\(.*\\)",$/\\1/p' ${indexRotationPath(change.number)}`;
    return `    printf '%b' "$(${text})" > ${changeKeyFile(change, which)}`;
  };
  return [
    'The index has changed its key. Old key and new key both signed each change, so that whoever knows one of them is led to the other:',
    '',
    ...keyChanges.map((change) => `  ${change.old} vouches for ${change.new}`),
    '',
    ...keyChanges.flatMap((change) => [certificateIn(change, 'old'), certificateIn(change, 'new')]),
    ...keyChanges
      .slice(1)
      .map(({ number }) => indexRotationPath(number - 1))
      .map((before, at) => `    grep '"previous": "'"${digestOf(before)}" ${indexRotationPath(at + 2)}`),
    '',
  ];
}

/** Everybody whose signature this text has checked, by name. */
function peopleOf(facts: ReadmeFacts): Signer[] {
  const own = facts.record.signatures.map(({ person, key }) => ({ name: person, key }));
  const others = [...facts.policies, facts.yank, facts.status].flatMap((document) => document?.signers ?? []);
  const byKey = new Map([...others, ...own].map((signer) => [signer.key, signer]));
  return [...byKey.values()].sort((a, b) => (`${a.name} ${a.key}` < `${b.name} ${b.key}` ? -1 : 1));
}

function overRelease({ record }: ReadmeFacts): Signed[] {
  const over = (what: string): Signer[] =>
    record.signatures.filter((entry) => entry.over === what).map(({ person, key }) => ({ name: person, key }));
  const files = record.files.map(({ name }) => ({
    ...{ document: `'${name}'`, signatures: `'${fileSignaturesPlace(name)}'` },
    ...{ signers: over(name satisfies FileName), keyFile: certificatePath },
  }));
  return [signed(statementPlace, over('statement')), ...files].filter(({ signers }) => signers.length > 0);
}

function overDocuments({ record, policies, yank, status, indexKey, keyChanges }: ReadmeFacts): Signed[] {
  return [
    ...policies.map(({ version, signers }) => signed(policyPlace(version), signers)),
    countersigned(recordPlace(record.serial), indexKey),
    countersigned(listPlace, indexKey),
    ...(yank ? [signed(yankPlace(yank.number), yank.signers)] : []),
    ...(status ? [signed(statusPlace(status.number), status.signers)] : []),
    countersigned(logKeyPath, indexKey),
    ...keyChanges.map(changed),
  ];
}

const sqvCommands = ({ document, signatures, signers, keyFile }: Signed): string[] =>
  signers.map(({ key }) => `    sqv --keyring ${keyFile(key)} ${signatures} ${document}`);

/** gpg fails where one signature is not good; its status lines name the primary key at their end. */
const gpgCommands = ({ document, signatures, signers }: Signed): string[] => [
  `    gpg --batch --quiet --status-file gpg-status.txt --verify ${signatures} ${document}`,
  ...signers.map(({ key }) => `    grep "VALIDSIG .* ${key}$" gpg-status.txt`),
];

function chainPart({ policies, record }: ReadmeFacts): string[] {
  const steps = policies.flatMap(({ version, previous }) =>
    previous === null
      ? [`    grep '"previous": null' ${policyPlace(version)}`]
      : [`    grep '"previous": "'"${digestOf(policyPlace(version - 1))}" ${policyPlace(version)}`],
  );
  return [
    '3. The policies are one chain, and the release was signed under the one that its record names',
    '',
    ...steps,
    `    grep '"policySha256": "'"${digestOf(policyPlace(record.policy))}" ${recordPlace(record.serial)}`,
    '',
    'Read them: a policy that lowers a threshold, adds a key or makes somebody an owner needs the signatures of as many people of',
    'the policy before it as that one asks for (docs/formats/policy.md).',
    '',
  ];
}

function recordPart({ record, yank, status }: ReadmeFacts): string[] {
  const place = recordPlace(record.serial);
  const names = (what: string, at: string, within: string): string =>
    `    grep '"${what}": "'"${digestOf(at)}" ${within}`;
  return [
    '4. What the index countersigned is this release, and its list of releases names that record',
    '',
    names('statementSha256', statementPlace, place),
    names('sha256', place, listPlace),
    ...(yank ? [names('sha256', yankPlace(yank.number), place)] : []),
    ...(status ? [names('sha256', statusPlace(status.number), listPlace)] : []),
    `    grep '"state": "published"' ${place}`,
    '',
    ...(record.yanked ? [`It is yanked: its owners advise against it (see "yanked" in ${place}).`, ''] : []),
  ];
}

/** RFC 9162, 2.1.3.2, with what a POSIX shell and coreutils have. */
function logPart(record: ReleaseRecord): string[] {
  const place = recordPlace(record.serial);
  const proof = proofOf(place);
  const path = recordPath(record.project, record.version, record.serial);
  const entry = `{"type":"countersign/log-entry","format":1,"event":"${eventOf(path)}","path":"${path}","sha256":"%s"}`;
  return [
    '5. The log of the index tells it: the hashes lead from its entry to the root in the checkpoint',
    '',
    `    hash() { sha256sum | cut -c 1-64 | tr a-f A-F; }`,
    `    octets() { printf %s "$1" | basenc --base16 --decode; }`,
    `    node() { { printf '\\001'; octets "$1"; octets "$2"; } | hash; }`,
    `    number=$(sed -n 's/^index //p' ${proof})`,
    `    last=$(($(sed '1,/^$/d' ${proof} | sed -n 2p) - 1))`,
    `    seen=$({ printf '\\000'; printf '${entry}' "${digestOf(place)}"; } | hash)`,
    `    for step in $(sed '1,2d; /^$/,$d' ${proof}); do`,
    `      step=$(printf %s "$step" | base64 --decode | basenc --base16 --wrap=0)`,
    `      if [ $((number % 2)) = 1 ] || [ "$number" = "$last" ]; then`,
    `        seen=$(node "$step" "$seen")`,
    `        while [ $((number % 2)) = 0 ] && [ "$number" != 0 ]; do number=$((number / 2)); last=$((last / 2)); done`,
    `      else`,
    `        seen=$(node "$seen" "$step")`,
    `      fi`,
    `      number=$((number / 2)); last=$((last / 2))`,
    `    done`,
    `    test "$last" = 0`,
    `    test "$(octets "$seen" | base64)" = "$(sed '1,/^$/d' ${proof} | sed -n 3p)"`,
    '',
  ];
}

const restPart = ({ hasTuf }: ReadmeFacts): string[] => [
  'What these commands leave out',
  '',
  `The checkpoint${hasTuf ? ' and the TUF metadata in tuf/ are' : ' is'} signed with Ed25519, which neither gpg nor sqv reads. docs/verify_release.py of Countersign`,
  'checks that too, with nothing but Python and gpgv or sqv, and so does "countersign verify --evidence FILE.zip". No archive can',
  'show that it is the newest: whether the release was yanked or quarantined since, the index says.',
  '',
];
