#!/usr/bin/env python3
"""Checks the evidence bundle of a Countersign release without Countersign, without the index and without a network.

    python3 verify_release.py sunrise-1.2.0.evidence.zip sunrise-1.2.0.tar.gz sunrise-1.2.0-py3-none-any.whl

Needs Python 3.9 or later, nothing but its standard library, and `gpgv` or `sqv` for the OpenPGP signatures. It decides by itself, from the raw
documents (docs/formats/evidence.md): the chain of policies and who had to sign each step; people, not signatures, for every file; strikes,
retirements, revocations; the countersignature; the log's proofs; the signatures of the TUF metadata. It is written to be read: each part names the
document that it follows. It does not know whether all this is the newest: no archive can (docs/formats/evidence.md).

Exit codes: 0 everything holds, 1 refused, 2 unusable input, 3 could not be checked (no tool), 4 a person must answer: the index has changed the key that
was given. Ed25519 is checked here in plain Python.
"""
import argparse, base64, calendar, hashlib, json, os, re, shutil, struct, subprocess, sys, tempfile, time, zipfile

LIMITS = {"entries": 5000, "bytes": 32 * 1024 * 1024}
TOLERANCE = 300  # seconds that a signer's clock may run ahead

class Refused(Exception):
    """Readable, but the rules say no (exit 1); the first word is the reason that Countersign gives too."""

class Unanswered(Exception):
    """Somebody has to decide first (exit 4)."""

class Unusable(Exception):
    """Cannot be read as what it should be (exit 2)."""

def need(holds, *words, kind=Refused):
    if not holds:
        raise kind(": ".join(words))

def sha256(data):
    return hashlib.sha256(data).hexdigest()

# ---- The archive (docs/formats/evidence.md) ----

N = "[1-9][0-9]{0,6}"
PLACES = re.compile(
    rf"(README\.txt|tuf/[A-Za-z0-9._-]+\.json|files/[A-Za-z0-9_][A-Za-z0-9._+!-]*\.asc|log/vkey(\.asc)?|statement/SHA256SUMS(\.asc)?"
    rf"|keys/(index|[0-9A-F]{{40,64}})\.asc(\.tlog-proof)?|releases\.json(\.asc)?|(policy|record|yank|status|keys/index)/{N}\.json(\.asc|\.tlog-proof)?)"
)

def read_bundle(path):
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            need(len(names) == len(set(names)) <= LIMITS["entries"], "evidence.malformed", "a place stands twice", kind=Unusable)
            need(sum(m.file_size for m in members) <= LIMITS["bytes"], "evidence.malformed", "it is too large", kind=Unusable)
            for name in names:
                need(PLACES.fullmatch(name), "evidence.malformed", f"“{name}” is no part of it", kind=Unusable)
            return {m.filename: archive.open(m).read(m.file_size + 1) for m in members}
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, EOFError) as fault:
        raise Unusable(f"evidence.malformed: {fault}") from fault

# ---- Documents: one spelling each (docs/formats/policy.md, record.md, statement.md, declarations.md) ----

SHAPES = {
    "countersign/policy": "type format project version previous threshold ownerThreshold openerCounts waitHours fileSignatures people retired struck date",
    "countersign/release": "type format index project version serial state reason yanked policy policySha256 statementSha256 files signatures date",
    "countersign/releases": "type format index project serial policy status versions date",
    "countersign/yank": "type format index project version action number policy reason date",
    "countersign/status": "type format index project status number policy reason date",
    "countersign/index-key": "type format index number previous old new oldCertificate newCertificate date",
}
PARTS = {
    "people": "name role keys", "retired": "name keys since", "struck": "name keys since reason",
    "files": "name size sha256 blake2b256 metadataSha256 requiresPython", "signatures": "person key issuer over made received sha256",
}  # fmt: skip

def once(pairs):
    keys = [key for key, _ in pairs]
    need(len(keys) == len(set(keys)), "input.not-json", "a name stands twice", kind=Unusable)
    return dict(pairs)

def unwanted(number):
    raise ValueError(f"{number} is no whole number")

def document(data, *types):
    """Reads a signed JSON document; printing it again must give the same bytes, with the keys in their order."""
    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=once, parse_float=unwanted, parse_constant=unwanted)
        right = json.dumps(value, indent=2, ensure_ascii=False) + "\n" == text
        right = right and value["type"] in types and value["format"] == 1 and " ".join(value) == SHAPES[value["type"]]
        for name, keys in PARTS.items():
            right = right and all(" ".join(entry) == keys for entry in value.get(name, []))
    except (ValueError, KeyError, TypeError) as fault:
        raise Unusable(f"input.not-json: this is not one of {types}") from fault
    need(right, "input.not-json", f"this is not one of {types} in its one spelling", kind=Unusable)
    return value

STATEMENT = re.compile(
    r"# countersign release statement 1\n# index: (?P<index>\S+)\n# project: (?P<project>\S+)\n# version: (?P<version>\S+)\n"
    r"# draft: [0-9a-f]{12}\n# revision: [1-9][0-9]{0,5}\n# opened by: (?P<opener>[a-z][a-z0-9-]*)\n(?P<sums>(?:[0-9a-f]{64}  [A-Za-z0-9_][A-Za-z0-9._+!-]*\n)+)"
)

def read_statement(data):
    found = STATEMENT.fullmatch(data.decode("ascii", "replace"))
    need(found, "statement.malformed", "its lines are not in their one spelling", kind=Unusable)
    sums = [line.split("  ") for line in found["sums"].splitlines()]
    names = [name for _, name in sums]
    need(names == sorted(set(names)), "statement.malformed", "its files are not sorted, each once", kind=Unusable)
    return found.groupdict(), {name: digest for digest, name in sums}

def seconds(moment):
    try:
        need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment), "input.not-a", moment, kind=Unusable)
        return calendar.timegm(time.strptime(moment, "%Y-%m-%dT%H:%M:%SZ"))
    except (ValueError, TypeError) as fault:
        raise Unusable(f"input.not-a: {moment} is no moment") from fault

# ---- OpenPGP: packets are read here (RFC 9580), mathematics is left to gpgv or sqv ----

HASHES = {8, 9, 10, 11, 12, 14}  # SHA-2 and SHA-3; everything older can be forged
CRITICAL = {2, 3, 4, 5, 6, 7, 9, 11, 16, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 39}
CURVES = {bytes.fromhex(oid) for oid in ("2a8648ce3d030107", "2b81040022", "2b81040023")}  # NIST P-256, P-384, P-521

def dearmor(data):
    blocks = re.findall(rb"-----BEGIN PGP [A-Z ]+-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n(.*?)-----END", data, re.S)
    try:
        return b"".join(base64.b64decode(re.sub(rb"\n=[A-Za-z0-9+/]{4}\s*$", b"", b.strip()).replace(b"\n", b""), validate=True) for b in blocks)
    except ValueError as fault:
        raise Unusable("signature.unreadable: a block is damaged") from fault

def split_length(data, at, wide=0xC0):
    """A length in one, two or five octets (RFC 9580, 4.2.1 and 5.2.3.7): what it says and where it ends."""
    first = data[at]
    if first < 192:
        return first, at + 1
    if first < 255:
        return ((first - 192) << 8) + data[at + 1] + 192, at + 2
    return int.from_bytes(data[at + 1 : at + 5], "big"), at + 5

def packets(data):
    at, found = 0, []
    try:
        while at < len(data):
            head = data[at]
            need(head & 0x80, "signature.unreadable", "this is no packet", kind=Unusable)
            if head & 0x40:
                tag, (length, start) = head & 0x3F, split_length(data, at + 1)
            else:
                octets = 1 << (head & 3)
                tag, start = (head >> 2) & 0xF, at + 1 + octets
                length = int.from_bytes(data[at + 1 : start], "big")
            need(start + length <= len(data), "signature.unreadable", "a packet is cut off", kind=Unusable)
            found.append((tag, data[start : start + length], data[at : start + length]))
            at = start + length
    except IndexError as fault:
        raise Unusable("signature.unreadable: a packet is cut off") from fault
    return found

class Signature:
    """One signature packet (RFC 9580, 5.2.3). Only the hashed area is believed; the other helps to find the key."""

    def __init__(self, body, raw=b""):
        try:
            self.raw, self.version, self.type, self.algorithm, self.hash = raw, *body[:4]
            need(self.version in (4, 6), "unsupported-version", kind=Unusable)
            octets = 4 if self.version == 6 else 2
            end = 4 + octets + int.from_bytes(body[4 : 4 + octets], "big")
            after = end + octets + int.from_bytes(body[end : end + octets], "big")
            self.hashed, others = self.area(body[4 + octets : end]), self.area(body[end + octets : after])
            salt = after + 2 + (1 + body[after + 2] if self.version == 6 else 0)
            numbers = body[salt:]
            first = numbers[: len(numbers) // 2] if self.algorithm in (27, 28) else numbers[2 : 2 + (int.from_bytes(numbers[:2], "big") + 7) // 8]
            # The same signature however its other parts were rewritten: the digest that records name.
            self.sha256 = sha256(body[:end] + body[after:salt] + first.lstrip(b"\0"))
        except (IndexError, ValueError) as fault:
            raise Unusable("signature.unreadable: its lengths do not fit") from fault
        times = [value for kind, _, value in self.hashed if kind == 2]
        self.made = int.from_bytes(times[0], "big") if len(times) == 1 else None
        self.expires = self.end(3, self.made)
        self.claims = [v.hex().upper() for k, _, v in self.hashed + others if k == 16] + [v[1:].hex().upper() for k, _, v in self.hashed + others if k == 33]
        self.critical = any(critical and kind not in CRITICAL for kind, critical, _ in self.hashed)

    @staticmethod
    def area(data):
        at, found = 0, []
        while at < len(data):
            length, at = split_length(data, at)
            found.append((data[at] & 0x7F, data[at] > 0x7F, data[at + 1 : at + length]))
            at += length
        return found

    def first(self, kind):
        return next((value for k, _, value in self.hashed if k == kind), None)

    def end(self, kind, since):
        """A number of seconds after `since`; nothing and zero mean never."""
        lasts = [int.from_bytes(value, "big") for k, _, value in self.hashed if k == kind and any(value)]
        return since + min(lasts) if lasts and since is not None else None

def fingerprint(body):
    if body[0] == 6:
        return hashlib.sha256(b"\x9b" + struct.pack(">I", len(body)) + body).hexdigest().upper()
    return hashlib.sha1(b"\x99" + struct.pack(">H", len(body)) + body).hexdigest().upper()

def is_strong(body):
    algorithm, rest = body[5], body[10:] if body[0] == 6 else body[6:]
    if algorithm in (1, 3):
        return int.from_bytes(rest[:2], "big") >= 2048
    return algorithm in (22, 27, 28) or (algorithm == 19 and rest[1 : 1 + rest[0]] in CURVES)

class Certificate:
    """What a certificate says of its keys. gpgv or sqv checks its signatures; what is read here can only take rights away."""

    def __init__(self, data, name):
        self.raw, self.unrevoked, parts = dearmor(data), b"", []
        for tag, body, raw in packets(self.raw):
            found = Signature(body, raw) if tag == 2 and parts else None
            self.unrevoked += b"" if found and found.type in (0x20, 0x28) else raw
            if found:
                parts[-1][2].append(found)
            elif tag in (6, 13, 14):
                parts.append((tag, body, []))
        need([tag for tag, _, _ in parts].count(6) == 1 and parts[0][0] == 6, "evidence.malformed", f"keys/{name}.asc is not one certificate", kind=Unusable)
        self.primary = fingerprint(parts[0][1])
        need(name in (self.primary, "index"), "evidence.malformed", f"keys/{name}.asc is another key", kind=Unusable)
        direct = self.newest(parts[0][2], {0x1F})
        people = [self.newest(signatures, {0x10, 0x11, 0x12, 0x13}) for tag, _, signatures in parts if tag == 13]
        own = max((found for found in people if found), key=lambda found: found.made, default=None)
        says = [found for found in ((direct,) if parts[0][1][0] == 6 else (own, direct)) if found]
        self.life = self.life_of(parts[0], says, {0x20})
        self.keys = {self.primary: self.life} if parts and self.may_sign(parts[0][1], says) else {}
        for part in (part for part in parts if part[0] == 14):
            binding = self.newest(part[2], {0x18})
            if binding and self.may_sign(part[1], [binding]):
                self.keys[fingerprint(part[1])] = self.life_of(part, [binding], {0x28})

    @staticmethod
    def newest(signatures, types):
        strong = [s for s in signatures if s.type in types and s.hash in HASHES and s.made is not None and not s.critical]
        return max(strong, key=lambda found: found.made, default=None)

    @staticmethod
    def may_sign(body, says):
        flags = next((found.first(27) for found in says if found.first(27)), b"\0")
        return bool(flags[0] & 2) and is_strong(body)

    @staticmethod
    def life_of(part, says, revoking):
        created = int.from_bytes(part[1][1:5], "big")
        ends = [end for found in says for end in (found.end(9, created), found.expires) if end is not None]
        # Superseded (1), retired (3), user id gone (32) are soft; everything else, no reason above all, is hard.
        revoked = [(s.made, (s.first(29) or b"\0")[0] not in (1, 3, 32)) for s in part[2] if s.type in revoking]
        return {"created": created, "expires": min(ends, default=None), "revoked": revoked}

    def end(self, issuer, received, hindsight):
        """Why a signature that was received then does not stand; None: it does. Without hindsight a key is compromised from its revocation on."""
        for life in (self.life, self.keys[issuer]):
            for made, hard in life["revoked"]:
                if (hard and hindsight) or received >= made:
                    return "key-revoked-hard" if hard else "key-revoked-soft"
            if life["expires"] is not None and received >= life["expires"]:
                return "key-expired"
            if received + TOLERANCE < life["created"]:
                return "key-not-yet-valid"
        return None

class Tool:
    """gpgv or sqv: did this certificate make this signature over this file?"""

    def __init__(self, wanted):
        self.name = next((tool for tool in ([wanted] if wanted else ["sqv", "gpgv"]) if shutil.which(tool)), None)
        self.folder = tempfile.mkdtemp(prefix="verify-release-")

    def put(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def made_by(self, certificate, signature, path, hindsight):
        ring = self.put("ring.pgp", certificate.raw if hindsight else certificate.unrevoked)
        detached = self.put("signature.sig", signature.raw)
        command = {"sqv": ["sqv", "--keyring", ring, detached, path]}.get(
            self.name, ["gpgv", "--weak-digest", "SHA1", "--status-fd", "1", "--keyring", ring, detached, path]
        )
        env = {"PATH": os.environ.get("PATH", ""), "GNUPGHOME": self.folder, "LC_ALL": "C"}
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=env)
        if self.name == "sqv":
            return done.returncode == 0 and certificate.primary in done.stdout.split()
        lines = [line.split() for line in done.stdout.splitlines()]
        return any(line[1] == "VALIDSIG" and line[-1] == certificate.primary for line in lines if len(line) > 9)

# ---- What a signature is worth (rules.md, "A key"; docs/formats/policy.md) ----

class Judge:
    def __init__(self, bundle, tool, certificates=None):
        self.bundle, self.tool = bundle, tool
        names = [re.fullmatch(r"keys/(\w+)\.asc", place) for place in bundle]
        self.certificates = certificates or {n[1]: Certificate(bundle[n[0]], n[1]) for n in names if n}

    def over(self, signatures, path, received_of, hindsight=True):
        """Each signature with the key that made it, or the reason why it does not count: [(signature, primary, issuer, reason)]."""
        found = {}
        for tag, body, raw in packets(dearmor(signatures or b"")):
            need(tag == 2, "signature.unreadable", "something else than a signature", kind=Unusable)
            signature = Signature(body, raw)
            found.setdefault(signature.sha256, (signature, *self.judge(signature, path, received_of(signature), hindsight)))
        return list(found.values())

    def judge(self, signature, path, received, hindsight):
        if signature.type != 0 or signature.hash not in HASHES or signature.critical or signature.made is None:
            return None, None, "not a plain signature with a strong digest"
        for name, certificate in self.certificates.items():
            for issuer, life in certificate.keys.items():
                fits = any(claim == issuer or (len(claim) == 16 and (issuer.startswith if len(issuer) == 64 else issuer.endswith)(claim)) for claim in signature.claims)
                if fits and self.tool.made_by(certificate, signature, path, hindsight):
                    late = signature.expires is not None and received >= signature.expires
                    early = signature.made < max(life["created"], certificate.life["created"])
                    times = "its times do not fit" if late or early or signature.made > received + TOLERANCE else None
                    return name if name == "index" else certificate.primary, issuer, certificate.end(issuer, received, hindsight) or times
        return None, None, "by no key of this evidence, or over other bytes"

    def signers(self, place, hindsight=True):
        """Keys that signed a document; nobody but the signature says when, so its own time is the one that counts."""
        path = self.tool.put("document", self.bundle[place])
        found = self.over(self.bundle.get(place + ".asc"), path, lambda s: s.made or 0, hindsight)
        return {key for _, key, _, reason in found if reason is None}

    def countersigned(self, place):
        need("index" in self.signers(place), "evidence.not-countersigned", place)

# ---- Which key is the index's (docs/formats/key-rotation.md) ----

def check_index_key(judge, index, wanted, found):
    """That the wanted key is the one that signed; where it only vouches for that one, step by step, a person must say that they follow."""
    if wanted in (None, found):
        return
    keys, previous = [], None
    for number in range(1, 1 + sum(bool(re.fullmatch(rf"keys/index/{N}\.json", place)) for place in judge.bundle)):
        place = f"keys/index/{number}.json"
        need(place in judge.bundle, "index-key.breaks-chain", f"{place} is missing")
        change = document(judge.bundle[place], "countersign/index-key")
        names = [(which, change[which]) for which in ("old", "new")]
        need(all(re.fullmatch("[0-9A-F]{40,64}", name) for _, name in names), "input.not-a", place, kind=Unusable)
        both = {name: Certificate(change[f"{which}Certificate"].encode(), name) for which, name in names}
        need(Judge(judge.bundle, judge.tool, both).signers(place) == set(both), "index-key.not-both", place)
        follows = (change["index"], change["number"], change["previous"]) == (index, number, previous) and len(both) == 2
        need(follows and change["old"] == (keys or [change["old"]])[-1], "index-key.breaks-chain", place)
        keys, previous = (keys or [change["old"]]) + [change["new"]], sha256(judge.bundle[place])
    vouched = wanted in keys and keys[-1] == found
    need(vouched, "evidence.other-index-key", f"it is signed by {found}; if the index changed its key after this was made, fetch it anew")
    chain = " which vouches for ".join(keys[keys.index(wanted) :])
    raise Unanswered(f"trust.index-key-changed: {chain}; if you follow, say so with --index-key {found}")

def person_of(policy, key, among=("people",)):
    return next((entry["name"] for part in among for entry in policy[part] if key in entry["keys"]), None)

def strength(policy):
    return min(policy["threshold"], len(policy["people"]))

def owners(policy):
    return [person for person in policy["people"] if person["role"] == "owner"]

def sound(policy):
    """What must hold inside one policy."""
    keys = [key for person in policy["people"] for key in person["keys"]]
    struck = {key for entry in policy["struck"] for key in entry["keys"]}
    names = [person["name"] for person in policy["people"]]
    numbers = all(type(policy[n]) is int and policy[n] >= 1 for n in ("version", "threshold", "ownerThreshold")) and type(policy["waitHours"]) is int
    flags = all(type(policy[n]) is bool for n in ("openerCounts", "fileSignatures"))
    roles = all(person["role"] in ("owner", "maintainer") and person["keys"] for person in policy["people"])
    return (
        numbers and flags and roles and len(names) == len(set(names)) and len(keys) == len(set(keys)) and not struck & set(keys)
        and 1 <= policy["ownerThreshold"] <= len(owners(policy)) and 0 <= policy["waitHours"] <= 720
    )  # fmt: skip

def kept(before, after):
    """What holds between two policies however they are joined: nothing forgotten of what was ended, no key under another name."""
    struck = {key for entry in after["struck"] for key in entry["keys"]}
    ended = struck | {key for entry in after["retired"] for key in entry["keys"]}
    now = {key for person in after["people"] for key in person["keys"]}
    whose = {key: e["name"] for part in ("people", "retired", "struck") for e in before[part] for key in e["keys"]}
    return (
        after["project"] == before["project"] and after["version"] == before["version"] + 1
        and all(entry in after["struck"] for entry in before["struck"])
        and all(entry in after["retired"] or set(entry["keys"]) <= struck for entry in before["retired"])
        and all(key in now | ended for person in before["people"] for key in person["keys"])
        and all(whose.get(key, e["name"]) == e["name"] for part in ("people", "retired", "struck") for e in after[part] for key in e["keys"])
    )  # fmt: skip

def is_weaker(before, after):
    old = {person["name"]: person for person in before["people"]}
    return (
        any(after[name] < before[name] for name in ("threshold", "ownerThreshold", "waitHours"))
        or any(after[name] and not before[name] for name in ("openerCounts", "fileSignatures"))
        or any(p["name"] not in old or not set(p["keys"]) <= set(old[p["name"]]["keys"]) for p in after["people"])
        or any(p["role"] == "owner" and p["name"] in old and old[p["name"]]["role"] == "maintainer" for p in after["people"])
        or len(after["people"]) < strength(before)
    )

def needs(before, after):
    """Who must sign a policy: [(people, how many)] (docs/formats/policy.md, "Signatures that a policy needs")."""
    new = owners(after)
    if before is None:
        return [(new, len(new))]
    counts = [(owners(before), before["ownerThreshold"])]
    if {p["name"] for p in new} != {p["name"] for p in owners(before)} or after["ownerThreshold"] > before["ownerThreshold"]:
        counts.append((new, after["ownerThreshold"]))
    return counts + ([(before["people"], strength(before))] if is_weaker(before, after) else [])

def check_chain(judge, project):
    """The policies from version 1, each signed by those who must; and where a new chain begins, if one does."""
    chain, anew = [], None
    for number in range(1, 1 + sum(bool(re.fullmatch(r"policy/\d+\.json", place)) for place in judge.bundle)):
        place = f"policy/{number}.json"
        need(place in judge.bundle, "evidence.malformed", "a policy is missing in between", kind=Unusable)
        policy, before = document(judge.bundle[place], "countersign/policy"), chain[-1] if chain else None
        need(sound(policy), "policy.malformed", place, kind=Unusable)
        need(policy["project"] == project and policy["version"] == number, "policy.breaks-chain", place)
        if before is None:
            need(policy["previous"] is None and not policy["retired"] and not policy["struck"], "policy.breaks-chain", place)
        else:
            need(kept(before, policy), "policy.breaks-chain", place)
            if policy["previous"] is None:
                anew, before = number, None
            else:
                need(policy["previous"] == sha256(judge.bundle[f"policy/{number - 1}.json"]), "policy.breaks-chain", place)
        # What came into force stays so when a key that signed it is compromised later (docs/decisions/050).
        signed = judge.signers(place, hindsight=False)
        for people, required in needs(before, policy):
            need(sum(bool(signed & set(person["keys"])) for person in people) >= required, "evidence.policy-not-signed", place)
        chain.append(policy)
    need(chain, "evidence.missing", "a policy")
    return chain, anew

def check_people(judge, record, chain, opener, files):
    """Who covers each file, by the rules of the policy in the record, less the strikes of the newest; answers {file: names}."""
    policy, newest = chain[record["policy"] - 1], chain[-1]
    stated = {entry["sha256"]: entry for entry in record["signatures"]}
    received = lambda s: seconds(stated[s.sha256]["received"] if s.sha256 in stated else record["date"])
    places = [("statement", judge.bundle.get("statement/SHA256SUMS.asc"), judge.tool.put("document", judge.bundle["statement/SHA256SUMS"]))]
    for name in (place[6:-4] for place in judge.bundle if place.startswith("files/")):
        need(name in files, "evidence.missing", f"the file {name}, over whose own bytes people signed")
        places.append((name, judge.bundle[f"files/{name}.asc"], files[name]))
    covers, counted = {entry["name"]: set() for entry in record["files"]}, set()
    for over, signatures, path in places:
        for signature, key, _, reason in judge.over(signatures, path, received):
            again = record["serial"] > 1
            who = person_of(policy, key) if signature.sha256 in stated or not again else None
            who = who or (person_of(newest, key, ("people", "retired") if signature.sha256 in stated else ("people",)) if again else None)
            struck = any(key in e["keys"] and (e["since"] is None or received(signature) >= seconds(e["since"])) for e in newest["struck"])
            if reason or who is None or struck or signature.sha256 not in stated or (over != "statement" and not policy["fileSignatures"]) or (who == opener and not policy["openerCounts"]):
                continue
            entry = stated[signature.sha256]
            need((entry["person"], entry["key"], entry["over"]) == (who, key, over), "evidence.record-differs", f"it says something else of a signature of {who}")
            counted.add(signature.sha256)
            for name in covers if over == "statement" else [over]:
                covers[name].add(who)
    need(record["state"] == "published", "verify.quarantined", record["reason"] or "")
    for name, who in covers.items():
        need(len(who) >= policy["threshold"], "release.below-threshold", f"{name} has {len(who)} of {policy['threshold']}")
    need(counted == set(stated), "evidence.record-differs", "it counts a signature that does not count")
    return covers

def check_declared(judge, record, listed, chain):
    """A yank and the project's status: the document that record and list name, signed by an owner. Answers what to tell."""
    told = []
    for stated, kind, says in ((record["yanked"], "yank", "yanked"), (listed["status"], "status", (listed["status"] or {}).get("status"))):
        if stated is None:
            continue
        place = next((p for p in judge.bundle if re.fullmatch(rf"{kind}/\d+\.json", p) and sha256(judge.bundle[p]) == stated["sha256"]), None)
        need(place, "evidence.missing", f"the declaration of the {kind}")
        said = document(judge.bundle[place], f"countersign/{kind}")
        same = said["project"] == record["project"] and said["index"] == record["index"] and said["reason"] == stated["reason"]
        same = same and (said["action"] == "yank" and said["version"] == record["version"] if kind == "yank" else said["status"] == says)
        need(same and 1 <= said["policy"] <= len(chain), "evidence.record-differs", f"{place} says something else")
        by = {p["name"] for p in owners(chain[said["policy"] - 1]) if judge.signers(place) & set(p["keys"])}
        need(not by or stated["by"] in by, "evidence.record-differs", f"{place} is signed by somebody else")
        told.append(f"{says}, as its owner {stated['by']} declared: “{stated['reason']}”" + ("" if by else " (but that signature does not hold any more)"))
        need(says != "quarantined", "verify.project-quarantined", stated["reason"])
    return told

# ---- The log: RFC 9162, C2SP tlog-proof and signed-note, Ed25519 by RFC 8032 ----

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n, point):
    total = (0, 1, 1, 0)
    while n:
        total, point, n = add(total, point) if n & 1 else total, add(point, point), n >> 1
    return total

def point_of(octets):
    y = int.from_bytes(octets, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P

BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))

def is_ed25519(key, message, signature):
    """Whether this key made this signature (RFC 8032, 5.1.7)."""
    point, s = (point_of(key) if len(key) == 32 else None), int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    x, y, z, _ = add(times(s, BASE), times(h, (P - point[0], point[1], 1, P - point[3])))
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]

def node(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

def check_proof(proof, entry, key, origin):
    """That the log of this key has the entry (C2SP tlog-proof; RFC 9162, 2.1.3.2)."""
    head, _, note = proof.decode("utf-8", "replace").partition("\n\n")
    found = re.fullmatch(r"c2sp\.org/tlog-proof@v1\nindex (0|[1-9]\d*)((?:\n[A-Za-z0-9+/]{43}=)*)", head)
    text, _, lines = note.partition("\n\n")
    said = re.fullmatch(rf"{re.escape(origin)}\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{{43}}=)", text)
    need(found and said, "log.proof", "it cannot be read", kind=Unusable)
    marks = [base64.b64decode(line.split(" ")[2]) for line in lines.splitlines() if re.fullmatch(rf"— {re.escape(origin)} [A-Za-z0-9+/=]+", line)]
    number_of_key = node(f"{origin}\n".encode(), b"\1", key)[:4]
    signed = [mark[4:] for mark in marks if mark[:4] == number_of_key]
    need(signed and all(is_ed25519(key, f"{text}\n".encode(), mark) for mark in signed), "log.not-signed", origin)
    number, last, seen, path = int(found[1]), int(said[1]) - 1, node(b"\0", entry), found[2].split()
    need(number <= last, "log.not-in-log", "its number is beyond the end")
    for step in map(base64.b64decode, path):
        need(last > 0, "log.not-in-log", "the proof is too long")
        if number & 1 or number == last:
            seen = node(b"\1", step, seen)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            seen = node(b"\1", seen, step)
        number, last = number >> 1, last >> 1
    need(last == 0 and base64.b64encode(seen).decode() == said[2], "log.not-in-log", entry.decode())

def check_log(judge, record):
    """Each document that the log tells is told as it stands here."""
    judge.countersigned("log/vkey")
    origin = f"{record['index']}/log"
    name, _, key = judge.bundle["log/vkey"].decode("ascii", "replace").strip().split("+", 2)
    key = base64.b64decode(key)
    need(name == origin and key[:1] == b"\1" and len(key) == 33, "log.other-log", name)
    for place, data in judge.bundle.items():
        event = EVENTS.get(place) or EVENTS.get(place.rpartition("/")[0])
        if event and not place.endswith((".json.asc", ".tlog-proof")):
            entry = {"type": "countersign/log-entry", "format": 1, "event": event, "path": tree_path(place, record), "sha256": sha256(data)}
            need(f"{place}.tlog-proof" in judge.bundle, "log.missing", f"{place}.tlog-proof")
            check_proof(judge.bundle[f"{place}.tlog-proof"], json.dumps(entry, separators=(",", ":")).encode(), key[1:], origin)

EVENTS = {
    "policy": "policy", "record": "release", "yank": "yank", "status": "status",
    "keys": "certificate", "keys/index.asc": "index-key", "keys/index": "index-key-change",
}  # fmt: skip

def tree_path(place, record):
    """Where a document of the bundle stands in the index tree."""
    evidence = f"evidence/{record['project']}"
    release = f"{evidence}/releases/{record['version']}"
    room, _, rest = place.partition("/")
    if room == "files":
        digest = next(entry["sha256"] for entry in record["files"] if f"{entry['name']}.asc" == rest)
        return f"files/{digest[:2]}/{digest[2:4]}/{digest}/{rest}"
    folders = {"policy": f"{evidence}/policy", "status": f"{evidence}/status", "record": release, "statement": release, "yank": f"{release}/yank"}
    return f"{folders[room]}/{rest}" if room in folders else f"{evidence}/{place}" if room.startswith("releases.json") else place

# ---- TUF: specification 1.0, but for the times (no archive can be fresh) ----

def signed_role(bundle, place, kind, *rules):
    """The signed part of metadata, once enough keys of every rule (keys by id, role) have signed it; canonical JSON is what they sign."""
    need(place in bundle, "evidence.missing", place)
    metadata = json.loads(bundle[place].decode("utf-8"), object_pairs_hook=once)
    text = json.dumps(metadata["signed"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    need(metadata["signed"]["_type"] == kind and len(metadata["signatures"]) <= 50, "tuf.refused", place)
    for keys, role in rules or [(metadata["signed"]["keys"], metadata["signed"]["roles"]["root"])]:
        made = {s["keyid"]: bytes.fromhex(s["sig"]) for s in metadata["signatures"] if s["keyid"] in role["keyids"] and s["keyid"] in keys}
        public = {key: bytes.fromhex(keys[key]["keyval"]["public"]) for key in made}
        good = {public[key] for key, mark in made.items() if is_ed25519(public[key], text, mark)}
        need(len(good) >= role["threshold"] >= 1, "tuf.refused", f"{place} has {len(good)} of {role['threshold']} signatures")
    return metadata["signed"]

def check_tuf(bundle, record):
    """From the first root to the roles in which these documents and the files of the release stand; answers the SHA-256 of that root."""
    root, number = signed_role(bundle, "tuf/1.root.json", "root"), 1
    while f"tuf/{number + 1}.root.json" in bundle:
        number, before = number + 1, root
        own = signed_role(bundle, f"tuf/{number}.root.json", "root")
        root = signed_role(bundle, f"tuf/{number}.root.json", "root", (before["keys"], before["roles"]["root"]), (own["keys"], own["roles"]["root"]))
        need(root["version"] == number, "tuf.refused", f"root {number}")
    by = lambda role: (root["keys"], root["roles"][role])
    stated = signed_role(bundle, "tuf/timestamp.json", "timestamp", by("timestamp"))["meta"]["snapshot.json"]
    place = f"tuf/{stated['version']}.snapshot.json"
    snapshot = signed_role(bundle, place, "snapshot", by("snapshot"))
    need(snapshot["version"] == stated["version"] and stated["hashes"]["sha256"] == sha256(bundle[place]), "tuf.refused", place)
    versions = {name[:-5]: entry["version"] for name, entry in snapshot["meta"].items()}
    delegating = signed_role(bundle, f"tuf/{versions['targets']}.targets.json", "targets", by("targets"))["delegations"]
    read = {}
    wanted = {tree_path(p, record): (sha256(data), len(data)) for p, data in bundle.items() if re.match(r"(policy|keys|statement|files|record|releases|yank|status)\b", p) and not p.endswith(".tlog-proof")}
    for entry in record["files"]:
        wanted[tree_path(f"files/{entry['name']}.asc", record)[:-4]] = (entry["sha256"], entry["size"])
    for path, (digest, length) in wanted.items():
        found = None
        for role in delegating["roles"]:
            if found is None and any(sha256(path.encode()).startswith(prefix) for prefix in role["path_hash_prefixes"]):
                place = f"tuf/{versions[role['name']]}.{role['name']}.json"
                if place not in read:
                    read[place] = signed_role(bundle, place, "targets", (delegating["keys"], role))
                found = read[place]["targets"].get(path)
        need(found and (found["hashes"]["sha256"], found["length"]) == (digest, length), "tuf.not-the-target", path)
    return sha256(bundle["tuf/1.root.json"])

# ---- All of it ----

def verify(bundle, files, tool, index_key):
    records = [place for place in bundle if re.fullmatch(r"record/\d+\.json", place)]
    need(len(records) == 1 and {"keys/index.asc", "releases.json", "statement/SHA256SUMS", "log/vkey"} <= set(bundle), "evidence.missing", "a document")
    judge = Judge(bundle, tool)
    # 1. The index key, and what it signed: the record and the list that names it.
    found = judge.certificates["index"].primary
    check_index_key(judge, document(bundle[records[0]], "countersign/release")["index"], index_key, found)
    judge.countersigned("releases.json")
    judge.countersigned(records[0])
    record, listed = document(bundle[records[0]], "countersign/release"), document(bundle["releases.json"], "countersign/releases")
    same = listed["index"] == record["index"] and listed["project"] == record["project"] and records[0] == f"record/{record['serial']}.json"
    need(same and listed["versions"].get(record["version"], {}).get("sha256") == sha256(bundle[records[0]]), "evidence.record-differs", "the list names another record")
    # 2. The policies, from version 1 to the newest, which the list names.
    chain, anew = check_chain(judge, record["project"])
    need(max(listed["policy"], record["policy"]) == len(chain), "evidence.missing", f"policy {listed['policy']}")
    # 3. The statement, and that the record says the same.
    head, sums = read_statement(bundle["statement/SHA256SUMS"])
    need(all(head[name] == record[name] for name in ("index", "project", "version")), "evidence.other-release", "the statement")
    need(record["statementSha256"] == sha256(bundle["statement/SHA256SUMS"]), "evidence.record-differs", "it names another statement")
    need(record["policySha256"] == sha256(bundle[f"policy/{record['policy']}.json"]), "evidence.record-differs", "it names another policy")
    stated = [(entry["name"], entry["sha256"]) for entry in record["files"]]
    need(len(stated) == len(sums) and dict(stated) == sums, "evidence.record-differs", "it names other files")
    # 4. The files at hand.
    for name, path in files.items():
        need(name in sums, "verify.not-in-release", name)
        with open(path, "rb") as file:
            digest = hashlib.sha256()
            for part in iter(lambda: file.read(1 << 20), b""):
                digest.update(part)
        need(digest.hexdigest() == sums[name], "verify.other-file", f"{name} has SHA-256 {digest.hexdigest()}")
    # 5. The people, what owners declared, the log, TUF.
    covers = check_people(judge, record, chain, head["opener"], files)
    told = check_declared(judge, record, listed, chain)
    check_log(judge, record)
    root = check_tuf(bundle, record)
    return record, covers, f"index key {found}, TUF root {root}", told, anew

def main():
    parser = argparse.ArgumentParser(description="Checks the evidence bundle of a Countersign release, offline.")
    parser.add_argument("evidence", help="PROJECT-VERSION.evidence.zip")
    parser.add_argument("files", nargs="*", help="files of the release, under their own names")
    parser.add_argument("--index-key", help="the fingerprint that the index key must have (or had: then you are told by which keys it was followed)")
    parser.add_argument("--tool", choices=("gpgv", "sqv"), help="what checks OpenPGP signatures (default: sqv, else gpgv)")
    options = parser.parse_args()
    tool = Tool(options.tool)
    try:
        if tool.name is None:
            print("Neither gpgv nor sqv is installed, so nothing could be checked.", file=sys.stderr)
            return 3
        wanted = options.index_key and options.index_key.replace(" ", "").upper()
        files = {os.path.basename(path): path for path in options.files}
        record, covers, key, told, anew = verify(read_bundle(options.evidence), files, tool, wanted)
    except Refused as refusal:
        print(f"REFUSED {ascii(str(refusal))[1:-1]}", file=sys.stderr)
        return 1
    except Unanswered as question:
        print(f"UNANSWERED {ascii(str(question))[1:-1]}", file=sys.stderr)
        return 4
    except (Unusable, OSError, KeyError, TypeError, AttributeError, ValueError, IndexError) as fault:
        print(f"UNUSABLE {ascii(str(fault))[1:-1]}", file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(tool.folder, ignore_errors=True)
    print(f"{record['project']} {record['version']} from {record['index']} holds under policy {record['policy']}, checked with {tool.name}.\n  {key}")
    for line in told:
        print(f"It is {ascii(line)[1:-1]}")
    if anew:
        print(f"A new chain began with policy {anew}: the people before it did not sign it.")
    for entry in record["files"]:
        state = "checked" if entry["name"] in files else "not at hand"
        print(f"  {entry['name']}  {entry['sha256']}  {state}, signed by {', '.join(sorted(covers[entry['name']]))}")
    return 0

if __name__ == "__main__":
    sys.exit(main())
