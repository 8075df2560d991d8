#!/bin/sh
# Starts two nodes on one database, types at both, and kills one of them with SIGKILL meanwhile: the log must have each search
# once. Needs LASTWORD_DB_URL (and LASTWORD_DB_USER, LASTWORD_DB_PASSWORD unless the URL has them), and migrates its tables.
# Takes about a minute. Exit code 0: the log is right.
#
#   load-tests/two-nodes.sh        ports 18080 and 18081; FIRST=... SECOND=... change them
set -eu
: "${LASTWORD_DB_URL:?must be set}"
cd "$(dirname "$0")/.."
first=${FIRST:-18080} second=${SECOND:-18081}
run=$(date +%s)-$$
logs=$(mktemp -d)

cleanup() {
  kill "$node1" "$node2" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$logs"
}
node1='' node2=''
trap cleanup EXIT
trap 'exit 1' INT TERM

# start PORT: becomes ready within a minute
start() {
  ./lastword serve --port "$1" >>"$logs/$1" 2>&1 &
  pid=$!
  tries=0
  until curl -sf --max-time 5 -o /dev/null "http://127.0.0.1:$1/health/readiness"; do
    tries=$((tries + 1))
    if [ $tries -gt 120 ] || ! kill -0 $pid; then
      cat "$logs/$1"
      exit 1
    fi
    sleep 0.5
  done
}

# type_at NODE OTHER SESSION USER: each key goes to the nodes in turn; like a load balancer, it skips a node that is down
type_at() {
  here=$1 there=$2
  for text in B Bu Bus Busi Busin Busine Busines; do
    body="{\"session_id\": \"$3\", \"user_id\": \"$4\", \"keyword\": \"$text\"}"
    curl -sf --max-time 5 -o /dev/null -H 'Content-Type: application/json' -d "$body" "http://127.0.0.1:$here/log" ||
      curl -sf --max-time 5 -o /dev/null -H 'Content-Type: application/json' -d "$body" "http://127.0.0.1:$there/log"
    swap=$here here=$there there=$swap
    sleep 0.2
  done
}

# round NAME VICTIM: types, kills the victim's process meanwhile if there is one, and checks the log
round() {
  name=$run-$1
  type_at "$first" "$second" "$name-anonymous" "" &
  anonymous=$!
  type_at "$second" "$first" "$name-user" "ann" &
  user=$!
  sleep 0.7
  [ -z "$2" ] || kill -9 "$2"
  wait $anonymous
  wait $user
  sleep 7
  for port in "$first" "$second"; do
    for session in "$name-anonymous" "$name-user"; do
      answer=$(curl -sf --max-time 5 "http://127.0.0.1:$port/searches?session_id=$session") || continue
      found=$(echo "$answer" | grep -o '"keyword":"[^"]*"' | tr '\n' ' ')
      if [ "$found" != '"keyword":"Busines" ' ]; then
        echo "FAIL $1: node $port has for $session: $found"
        exit 1
      fi
      echo "ok   $1: node $port has for $session: $found"
    done
  done
}

start "$first"
node1=$pid
start "$second"
node2=$pid
round both-alive ""
round first-killed "$node1"
start "$first"
node1=$pid
round second-killed "$node2"
