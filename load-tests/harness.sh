#!/bin/sh
# Types business, search, marketing, python at human speed and checks that the log has one row
# for each, for an anonymous session and for a logged-in one. Takes about 45 seconds.
#
#   load-tests/harness.sh [URL]        default http://127.0.0.1:8080
#
# KEY=0.2 PAUSE=6 WAIT=15 change the seconds between keys, between words, and the maximum wait for
# the log; WORDS changes the words. Exit code 0: the log is right. 1: it is not, or a keystroke failed.
set -eu

url=${1:-http://127.0.0.1:8080}
words=${WORDS:-business search marketing python}
key=${KEY:-0.2} pause=${PAUSE:-6} wait=${WAIT:-15}
run=$(date +%s)-$$

request() { curl --silent --show-error --fail --max-time 10 "$@"; }

# type_words SESSION USER
type_words() {
  for word in $words; do
    length=1
    while [ "$length" -le "${#word}" ]; do
      text=$(printf "%.${length}s" "$word")
      request --output /dev/null --header 'Content-Type: application/json' \
        --data "{\"keyword\":\"$text\",\"session_id\":\"$1\",\"user_id\":\"$2\"}" "$url/log"
      length=$((length + 1))
      sleep "$key"
    done
    sleep "$pause"
  done
}

# Prints the keywords of a session in the log, sorted, on one line.
logged() {
  request "$url/searches?limit=1000&session_id=$1" |
    grep -o '"keyword" *: *"[^"]*"' | sed 's/.*: *"//; s/"$//' | sort | tr '\n' ' ' || true
}

# check SESSION: waits until the log is right, or prints what it has instead.
check() {
  expected=$(printf '%s\n' $words | sort | tr '\n' ' ')
  waited=0
  while shown=$(logged "$1"); [ "$shown" != "$expected" ]; do
    if [ "$waited" -ge "$wait" ]; then
      echo "FAIL $1: expected $expected, the log has $shown"
      return 1
    fi
    sleep 1
    waited=$((waited + 1))
  done
  echo "ok   $1: $shown"
}

type_words "harness-$run-anonymous" "" &
anonymous=$!
failed=0
type_words "harness-$run-user" "harness-user" || failed=1
wait "$anonymous" || failed=1
check "harness-$run-anonymous" || failed=1
check "harness-$run-user" || failed=1
exit "$failed"
