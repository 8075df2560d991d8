# Builds the product and the load tests where that is needed, and sets $java; sourced, with the project's folder as the present one.
command -v mvn >/dev/null || { echo "needs Maven" >&2; exit 1; }
java=${LASTWORD_JAVA_HOME:+$LASTWORD_JAVA_HOME/bin/}java
./lastword --version >/dev/null
if [ ! -f load-tests/target/built ] ||
  [ -n "$(find load-tests/pom.xml load-tests/src target/original-lastword.jar -newer load-tests/target/built | head -n 1)" ]; then
  mvn -q -B -f load-tests/pom.xml process-classes >&2
  touch load-tests/target/built
fi
mkdir -p load-tests/results
