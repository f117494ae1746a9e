// What a visitor reads first: what this is, how a release goes, what it protects against and what it does not, how to check it alone.

import { SignatureLines, type SignatureLine } from '#components/draft/signature-lines.tsx';
import { Actions, ButtonLink } from '#components/ui/button.tsx';
import { Command } from '#components/ui/command.tsx';
import { Clause } from '#components/ui/page.tsx';
import { Steps } from '#components/ui/steps.tsx';

// A specimen: the name, the fingerprint and the time belong to nobody.
const specimen: SignatureLine[] = [
  {
    state: 'signed',
    name: 'Ada Lovelace',
    fingerprint: '6F1C9A0D34B27E885D0194C3A7F2B6E90C51D83A',
    at: '2026-11-22T09:00:00Z',
    way: 'with gpg, uploaded as a detached signature',
  },
  { state: 'open', couldSign: ['Bo', 'Chi'] },
];

const steps = [
  {
    title: 'One maintainer opens a draft',
    body: 'Wheels and the source distribution are uploaded, read and checked. Nothing of it can be installed yet.',
  },
  {
    title: 'The others are asked',
    body: 'Each gets a mail with the digest of what they would sign: one small text that lists every file of the release.',
  },
  {
    title: 'They sign',
    body: 'With gpg, with sq, or in the browser, where the private key stays on the page. Each signature is checked on arrival.',
  },
  {
    title: 'The countersigner decides again',
    body: 'A separate program, which alone holds the index key, checks the raw evidence itself and writes the index.',
  },
  {
    title: 'pip install',
    body: 'The release appears in an ordinary Python index, with everything beside it that is needed to check it.',
  },
];

const protects = [
  'A maintainer who turns, or whose key or account is stolen: alone they publish nothing.',
  'A file that was changed after it was signed: other bytes, other digest, no signature.',
  'An administrator or intruder who edits the database: the countersigner does not believe it.',
  'A threshold lowered in secret: that is a signed document, and clients refuse one that does not follow the chain.',
];

const protectsNot = [
  'As many maintainers as the threshold asks for, who agree to do harm.',
  'Mistakes in the code they signed: a signature says who, not how well.',
  'A release that is held back: it can be made visible, not impossible.',
];

/** The front page of a visitor. */
export function Welcome() {
  return (
    <>
      <div className="opening">
        <div>
          <h1>A release counts when enough of its maintainers have signed it.</h1>
          <p className="lead">
            Countersign is a Python package index. The maintainers of a project co-sign each release with their own
            OpenPGP keys before the world can install it.
          </p>
          <Actions>
            <ButtonLink href="/sign-in" look="primary">
              Sign in
            </ButtonLink>
            <a href="/simple/">See the index</a>
          </Actions>
        </div>
        <figure className="specimen">
          <figcaption>
            <span>
              Release <strong>9.1.0</strong> of requests
            </span>
            <span>1 of 2 signed</span>
          </figcaption>
          <SignatureLines lines={specimen} label="Signatures in this example, 1 of 2" />
        </figure>
      </div>
      <Clause wide number={1} title="How a release goes">
        <Steps steps={steps} clause={1} />
      </Clause>
      <Clause wide number={2} title="What it protects against">
        <List items={protects} />
      </Clause>
      <Clause wide number={3} title="What it does not protect against">
        <List items={protectsNot} />
      </Clause>
      <Clause wide number={4} title="Check it without trusting us" id="check">
        <p>
          Every release carries its evidence: one checksum file and one signature file that hold for all of it. Three
          ordinary tools and the maintainers’ keys are enough; nothing of ours takes part.
        </p>
        <Command
          label="In the folder with the files and the keys you trust"
          command="gpgv --keyring ./maintainers.gpg SHA256SUMS.asc SHA256SUMS && sha256sum --check --strict SHA256SUMS"
        />
      </Clause>
    </>
  );
}

function List({ items }: { items: string[] }) {
  return (
    <ul className="ruled">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
