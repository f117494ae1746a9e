// Names that mean something else already where a wheel is installed: modules of Python's standard library (sys.stdlib_module_names of 3.9 to 3.13, less
// the private ones), names that too many projects put at the top, and commands that people rely on.

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.split(' '));

export const standardModules = wordsOf(
  'abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb ' +
    'chunk cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses ' +
    'dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch ' +
    'formatter fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr ' +
    'imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap ' +
    'modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev parser pathlib pdb ' +
    'pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat ' +
    'queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib ' +
    'sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symbol ' +
    'symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace ' +
    'traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound ' +
    'wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo',
);

export const commonNames = wordsOf(
  'test tests testing doc docs example examples sample samples benchmark benchmarks src source util utils tool tools script scripts lib libs common core ' +
    'build dist data config configs setup demo demos notebooks migrations conftest',
);

export const knownCommands = wordsOf(
  'python python2 python3 pip pip3 pipx uv uvx twine gpg gpgv sq git ssh scp curl wget sudo su ls cp mv rm cat cd env sh bash zsh fish dash tar zip unzip ' +
    'make gcc cc ld node npm npx docker kubectl vi vim nano less more man which find grep sed awk kill ps top mount systemctl apt dnf yum brew',
);
