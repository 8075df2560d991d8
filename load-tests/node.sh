# Shared by load tests that start a node; sourced with $name set, in the project's folder. It stops what it starts. Its folders
# are below $work.

die() { echo "$name: $*" >&2; exit 1; }

# whole VALUE OPTION LEAST MOST: checks that an option is an integer within these limits
whole() {
  case $1 in '' | *[!0-9]* | ??????????*) die "$2 must be an integer" ;; esac
  [ "$1" -ge "$3" ] && [ "$1" -le "$4" ] || die "$2 must be from $3 to $4"
}

# Traffic goes to this machine only.
on_this_machine() {
  case $1 in
    http://127.0.0.1:* | http://localhost:* | "http://[::1]:"*) ;;
    *) die "$1 is not on this machine" ;;
  esac
}

cleanup() {
  trap - EXIT INT TERM
  for pid in $program $load $node; do
    kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}

work=$(mktemp -d)
node='' load='' program=''
trap cleanup EXIT
trap 'exit 1' INT TERM

# run COMMAND...: in the background, so that a signal ends it, too, and not only this script after it
run() {
  "$@" &
  program=$!
  status=0
  wait "$program" || status=$?
  program=''
  return $status
}

# Builds what the sources say, and sets $java and $classpath (Gatling and the load tests; the product's classes without its libraries).
prepare() {
  . load-tests/build.sh
  classpath=load-tests/target/classes:target/original-lastword.jar:$(cat load-tests/target/classpath)
}

# start_node PORT DATA: becomes ready within two minutes; sets $node and $url
start_node() {
  url=http://127.0.0.1:$1
  ./lastword serve --port "$1" --data "$2" >"$work/node.log" 2>&1 &
  node=$!
  tries=0
  until curl -sf --max-time 5 -o /dev/null "$url/health/readiness"; do
    tries=$((tries + 1))
    if [ $tries -gt 240 ] || ! kill -0 "$node" 2>/dev/null; then
      cat "$work/node.log" >&2
      die "the node did not start"
    fi
    sleep 0.5
  done
}
