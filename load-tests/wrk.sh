# Installs wrk, the load generator, if it is missing; sourced in the project's folder.
command -v wrk >/dev/null || {
  echo "installing wrk" >&2
  if command -v apt-get >/dev/null; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq wrk; } >/dev/null
  elif command -v dnf >/dev/null; then
    dnf install -y -q wrk
  elif command -v brew >/dev/null; then
    brew install -q wrk
  fi
  command -v wrk >/dev/null || { echo "needs wrk" >&2; exit 1; }
}
