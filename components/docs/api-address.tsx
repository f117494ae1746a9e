// One address for programs, as the OpenAPI document describes it: what it does, which tokens it opens to, what it takes and answers, a command that
// asks it, and an answer as it could be. All of it is text: nothing here needs script.

import { Fields, type Schema } from './api-fields.tsx';
import { WordsWithCode } from './words-with-code.tsx';

type Parameter = { name: string; in: string; description?: string };
type Answer = {
  status: string;
  says: string;
  headers: { name: string; says: string }[];
  media?: string;
  schema?: Schema | null;
  example?: unknown;
};
export type ShownAddress = {
  operationId: string;
  method: string;
  path: string;
  summary: string;
  scopes: readonly string[];
  parameters: Parameter[];
  body: { media: string; schema: Schema | null; example?: unknown } | null;
  answers: Answer[];
};

export function ApiAddress({ address, publicUrl }: { address: ShownAddress; publicUrl: string }) {
  const { operationId, method, path, summary, scopes, parameters, body, answers } = address;
  return (
    <article className="api-address" id={operationId} aria-labelledby={`${operationId}-name`}>
      <h2 id={`${operationId}-name`}>
        <code>
          {method} {path}
        </code>
      </h2>
      <p>
        <WordsWithCode text={summary} />
      </p>
      <dl className="api-facts">
        <dt>Token</dt>
        <dd>{scopes.length === 0 ? 'every one' : scopes.join(' or ')}</dd>
        {parameters.map((one) => (
          <Fact key={one.name} {...one} />
        ))}
        {body === null ? null : (
          <>
            <dt>Body</dt>
            <dd>
              {body.media} {body.schema === null ? null : <Fields schema={body.schema} />}
            </dd>
          </>
        )}
        {answers.map((answer) => (
          <AnswerFact key={answer.status} {...answer} />
        ))}
      </dl>
      <pre tabIndex={0}>
        <code>{commandOf(address, publicUrl)}</code>
      </pre>
      {answers.map(({ status, example }) =>
        example === undefined ? null : <Example key={status} {...{ status, example }} />,
      )}
    </article>
  );
}

const places: Readonly<Record<string, string>> = {
  path: 'In the path.',
  query: 'In the address.',
  header: 'A header.',
};

function Fact({ name, description = '', in: place }: Parameter) {
  return (
    <>
      <dt>
        <code>{name}</code>
      </dt>
      <dd>
        {places[place]} <WordsWithCode text={description} />
      </dd>
    </>
  );
}

function AnswerFact({ status, says, headers, media, schema = null }: Answer) {
  return (
    <>
      <dt>{status}</dt>
      <dd>
        {media ?? says} {schema === null ? null : <Fields schema={schema} />}
        {headers.length === 0 ? null : (
          <ul>
            {headers.map(({ name, says: what }) => (
              <li key={name}>
                Header <code>{name}</code>: <WordsWithCode text={what} />
              </li>
            ))}
          </ul>
        )}
      </dd>
    </>
  );
}

function Example({ status, example }: { status: string; example: unknown }) {
  return (
    <details>
      <summary>An answer with {status}</summary>
      <pre tabIndex={0}>
        <code>{typeof example === 'string' ? example : JSON.stringify(example, null, 2)}</code>
      </pre>
    </details>
  );
}

/** As `curl` asks it; names in braces are the reader's own. */
function commandOf({ method, path, body }: ShownAddress, publicUrl: string): string {
  const parts = ['curl -H "Authorization: Bearer $COUNTERSIGN_TOKEN"'];
  if (method !== 'GET' && !(method === 'POST' && body !== null)) parts.push(`-X ${method}`);
  if (body?.media === 'application/json')
    parts.push(`-H 'Content-Type: application/json' -d '${JSON.stringify(body.example)}'`);
  else if (body?.media === 'multipart/form-data') parts.push('-F "sha256=$(sha256sum FILE)" -F file=@FILE');
  else if (body !== null) parts.push('--data-binary @FILE');
  return `${parts.join(' ')} '${publicUrl}${path}'`;
}
