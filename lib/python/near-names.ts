// Names that people mistake for one another: one typing mistake apart, or alike for the eye (0 and o, 1 and l, rn and m). Pure comparison of names in
// their normal form; decides nothing, it only asks somebody to look twice.

/** Projects that nearly everybody installs: what names are made to look like. */
const wellKnown = new Set(
  (
    'aiohttp alembic anyio attrs babel beautifulsoup4 black boto3 botocore bottle build cachetools celery certifi cffi chardet charset-normalizer click ' +
    'cloudpickle colorama configparser coverage cryptography cython dask decorator distlib django docutils fastapi filelock flake8 flask flask-cors ' +
    'fonttools fsspec gevent gitpython google-auth greenlet grpcio gunicorn h11 html5lib httpcore httptools httpx hypothesis idna importlib-metadata ' +
    'iniconfig ipython isort itsdangerous jinja2 jmespath joblib jsonschema jupyter keras keyring kiwisolver librosa loguru lxml mako markdown ' +
    'markdown-it-py markupsafe marshmallow matplotlib mccabe mkdocs more-itertools multidict mypy mypy-extensions networkx nltk nose notebook numba ' +
    'numpy oauthlib openpyxl opencv-python orjson packaging pandas paramiko parso passlib pathspec peewee pexpect pillow pip pipenv platformdirs plotly ' +
    'pluggy poetry prometheus-client prompt-toolkit protobuf psutil psycopg psycopg2 psycopg2-binary ptyprocess pyarrow pyasn1 pycodestyle pycparser ' +
    'pycryptodome pydantic pydantic-core pyflakes pygments pyinstaller pyjwt pylint pymongo pymysql pynacl pyopenssl pyparsing pytest pytest-cov ' +
    'python-dateutil python-dotenv pytz pywin32 pyyaml pyzmq redis regex requests requests-oauthlib rich rsa ruff s3transfer scikit-learn scipy ' +
    'scrapy seaborn selenium sentry-sdk setuptools setuptools-scm shapely simplejson six smmap sniffio sphinx sqlalchemy starlette streamlit sympy ' +
    'tabulate tenacity tensorflow termcolor tokenizers toml tomli torch tornado tox tqdm traitlets transformers twine typer typing-extensions tzdata ' +
    'tzlocal ujson urllib3 uvicorn uvloop virtualenv watchdog wcwidth websocket-client websockets werkzeug wheel wrapt xlrd xmltodict yarl zipp zope-interface'
  ).split(' '),
);

const shortest = 5;
// `black` and `slack` are two projects; `nunpy` for `numpy` is what that costs.
const shortestWithOtherLetter = 6;

/** The well-known project that this name (normalised) could be mistaken for; null: none, or it is one itself. */
export function nearWellKnown(name: string): string | null {
  return wellKnown.has(name) ? null : nearOneOf(name, wellKnown);
}

export const isWellKnown = (name: string): boolean => wellKnown.has(name);

/** The first of the others that this name could be mistaken for. */
export function nearOneOf(name: string, others: Iterable<string>): string | null {
  for (const other of others) if (isNear(name, other)) return other;
  return null;
}

/** Different names that are alike for the eye or one typing mistake apart. Short names are too near to each other to say so. */
export function isNear(one: string, other: string): boolean {
  if (one === other || Math.min(one.length, other.length) < shortest) return false;
  return alike(one) === alike(other) || isOneMistake(one, other);
}

const alike = (name: string): string =>
  name.replaceAll('-', '').replaceAll('0', 'o').replace(/[1i]/g, 'l').replaceAll('rn', 'm').replaceAll('vv', 'w');

/** One letter too much, too little or other, or two exchanged. Digits apart are versions (psycopg2, psycopg3), not mistakes. */
function isOneMistake(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1 || withoutDigits(one) === withoutDigits(other)) return false;
  const start = commonStart(one, other);
  const [rest, otherRest] = [one.slice(start), other.slice(start)];
  if (one.length !== other.length) return rest.slice(1) === otherRest || rest === otherRest.slice(1);
  return (
    isExchanged(rest, otherRest) || (one.length >= shortestWithOtherLetter && rest.slice(1) === otherRest.slice(1))
  );
}

const withoutDigits = (name: string): string => name.replace(/\d/g, '');

const isExchanged = (rest: string, other: string): boolean =>
  rest[0] === other[1] && rest[1] === other[0] && rest.slice(2) === other.slice(2);

function commonStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}
