#!/bin/sh
# Makes the vectors of this folder with real GnuPG, once; they are committed. Run it again only to add some (all keys change then).
# Every key is made on 2026-01-01 by a faked clock, without a passphrase, and is worth nothing.
set -eu
cd "$(dirname "$0")"
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
trap 'gpgconf --kill gpg-agent; rm -rf "$GNUPGHOME"' EXIT

at() { clock=$1; shift; gpg --batch --yes --quiet --no-tty --pinentry-mode loopback --passphrase '' --faked-system-time "$clock!" "$@"; }
made=20260101T000000
signed=20260601T110000
fpr() { gpg --with-colons --list-keys "$1" | sed -n '/^fpr/{s/^fpr:*//;s/:$//;p;q}'; }
subkeys() { gpg --with-colons --list-keys "$1" | sed -n '/^sub/{n;s/^fpr:*//;s/:$//;p}'; }
export_key() { gpg --batch --armor --export "$1" > "$2"; }
sign() { out=$1; who=$2; shift 2; at "$signed" --armor -u "$who" --output "$out" "$@" --detach-sign SHA256SUMS; }

printf '%s\n' '# countersign release statement 1' '# index: sign.example.org' '# project: demo' '# version: 1.0' \
  '# draft: 6f2c9d1e4b7a' '# revision: 2' '# opened by: ada' \
  '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae  demo-1.0.tar.gz' > SHA256SUMS
sed 's/revision: 2/revision: 1/' SHA256SUMS > SHA256SUMS.revision-1
sed 's/project: demo/project: other/' SHA256SUMS > SHA256SUMS.other-project

new() { at "$made" --quick-generate-key "$1 <$1@example.org>" "$2" "$3" "${4:-never}"; }
new ada ed25519 sign
at "$made" --quick-add-key "$(fpr ada@)" cv25519 encr
new bo rsa3072 sign
new chi nistp256 sign
new dan nistp384 sign
for name in ada bo chi dan; do
  export_key "$name@" "$name.key.asc"
  sign "$name.asc" "$name@"
done
gpg --batch --export ada@ > ada.key.gpg
at "$made" --armor --export-secret-keys ada@ > ada.private.asc
at "$made" --export-secret-keys ada@ > ada.private.gpg
at "$signed" -u ada@ --output ada.sig --detach-sign SHA256SUMS
at 20260601T113000 --armor -u ada@ --output ada-again.asc --detach-sign SHA256SUMS
at 21000101T000000 --armor -u ada@ --output ada-future.asc --detach-sign SHA256SUMS
sign ada-text.asc ada@ --textmode
sign ada-sha1.asc ada@ --digest-algo SHA1
sign ada-ends.asc ada@ --default-sig-expire 1d
sign ada-critical.asc ada@ --sig-notation '!unknown@example.org=x'
sign ada-noted.asc ada@ --sig-notation 'note@example.org=<b>bold</b>'
at "$signed" --armor -u ada@ --output ada-revision-1.asc --detach-sign SHA256SUMS.revision-1
at "$signed" --armor -u ada@ --output ada-other-project.asc --detach-sign SHA256SUMS.other-project
at "$signed" -u ada@ --output ada-clear.asc --clear-sign SHA256SUMS
at "$signed" --armor -u ada@ --output ada-inline.asc --sign SHA256SUMS
at "$signed" -u ada@ --output ada-inline.gpg --sign SHA256SUMS
cat ada.asc bo.asc > concatenated.asc
gpg --dearmor < bo.asc > bo.sig
cat ada.sig bo.sig | gpg --enarmor | sed 's/ARMORED FILE/SIGNATURE/' > one-block.asc

new two ed25519 cert
at "$made" --quick-add-key "$(fpr two@)" ed25519 sign
at "$made" --quick-add-key "$(fpr two@)" ed25519 sign
export_key two@ two.key.asc
sign two-1.asc "$(subkeys two@ | sed -n 1p)!"
sign two-2.asc "$(subkeys two@ | sed -n 2p)!"

new old ed25519 sign 20260201T000000
export_key old@ old.key.asc
at 20260115T000000 --armor -u old@ --output old.asc --detach-sign SHA256SUMS

revoke() {
  printf 'y\n%s\n\ny\n' "$2" | gpg --yes --quiet --no-tty --pinentry-mode loopback --passphrase '' --faked-system-time '20260602T000000!' \
    --command-fd 0 --output "$1.revocation.asc" --gen-revoke "$1@"
}
for reason in none:0 compromised:1 superseded:2 retired:3; do
  name=${reason%:*}
  new "$name" ed25519 sign
  export_key "$name@" "$name.before.asc"
  sign "$name.asc" "$name@"
  revoke "$name" "${reason#*:}"
  gpg --batch --quiet --import "$name.revocation.asc"
  export_key "$name@" "$name.key.asc"
done

new only ed25519 cert
at "$made" --quick-add-key "$(fpr only@)" cv25519 encr
export_key only@ only-encrypts.key.asc
new small rsa1024 sign
new dsa dsa2048 sign
new koblitz secp256k1 sign
for name in small dsa koblitz; do
  export_key "$name@" "$name.key.asc"
  sign "$name.asc" "$name@"
done
at "$made" --cert-digest-algo SHA1 --quick-generate-key 'weak <weak@example.org>' ed25519 sign never
export_key weak@ weak.key.asc
sign weak.asc weak@
gpg --batch --armor --export ada@ bo@ > several.key.asc
iconv -f UTF-8 -t UTF-16 ada.key.asc > ada.key.utf16.asc
