#!/bin/sh
# package.sh - makes the extension's .vsix for this platform, with the server inside.
#
# Usage: clients/vscode/scripts/package.sh SERVER OUTPUT        SERVER: folder with lintel and lib/; OUTPUT: folder
#
# `make vsix` calls it. Everything is put together in a folder of its own, so that the package holds what is listed
# here and nothing else.
set -eu
server=$(cd "$1" && pwd)
mkdir -p "$2"
output=$(cd "$2" && pwd)
cd "$(dirname "$0")/.."
tools=$PWD/packaging/node_modules
case $(uname -s)-$(uname -m) in
Linux-x86_64) target=linux-x64 ;;
Linux-aarch64) target=linux-arm64 ;;
Darwin-x86_64) target=darwin-x64 ;;
Darwin-arm64) target=darwin-arm64 ;;
*) echo "package.sh: no .vsix for $(uname -s) on $(uname -m)" >&2; exit 1 ;;
esac
version=$(node -p 'require("./package.json").version')
stage=$output/stage
rm -rf "$stage" "$output"/lintel-*.vsix
mkdir -p "$stage/bin"
node scripts/build.mjs "$stage/dist"
cp -r "$server/lintel" "$server/lib" "$stage/bin/"
cp -r package.nls.json README.md CHANGELOG.md icon.png images walkthrough "$stage/"
mkdir "$stage/schemas"
"$server/lintel" config --schema >"$stage/schemas/lintel.yaml.json"
# What the server brings along is under licences of its own.
for library in libcjson1 libyaml-0-2 libpcre2-8-0; do
    [ ! -f "/usr/share/doc/$library/copyright" ] ||
        cp "/usr/share/doc/$library/copyright" "$stage/bin/lib/$library.copyright"
done
cp ../../LICENSE "$stage/LICENSE"
# Without the parts that speak of building: what is in the package is built.
node -e '
    const fs = require("node:fs");
    const { devDependencies, scripts, private: _, ...manifest } = JSON.parse(fs.readFileSync("package.json", "utf8"));
    fs.writeFileSync(process.argv[1], JSON.stringify(manifest, null, 2) + "\n");
' "$stage/package.json"
package=$output/lintel-$target-$version.vsix
(cd "$stage" && node "$tools/@vscode/vsce/vsce" package --target "$target" --no-dependencies \
    --allow-missing-repository --skip-license --no-rewrite-relative-links --out "$package") >"$output/package.log" 2>&1 ||
    { cat "$output/package.log" >&2; exit 1; }
echo "$package"
