#!/usr/bin/env bash
# tools/pictures.sh WORKBOOK FOLDER: every printed page of a workbook as a PNG, by LibreOffice.
set -euo pipefail
book=$1 folder=$2
for tool in soffice pdftoppm; do
    command -v $tool >/dev/null || { echo "$tool is missing: install libreoffice-calc and poppler-utils" >&2; exit 1; }
done
profile=$(mktemp -d) # its own profile: a running office would refuse a second one
trap 'rm -rf "$profile"' EXIT
mkdir -p "$folder"
rm -f "$folder"/*.png "$folder"/*.pdf
soffice --headless "-env:UserInstallation=file://$profile" --convert-to pdf --outdir "$folder" "$book" >/dev/null
name=$(basename "${book%.*}")
pdftoppm -r 80 -png "$folder/$name.pdf" "$folder/page"
echo "The pages: $folder/page-*.png"
